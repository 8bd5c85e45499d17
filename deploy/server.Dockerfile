FROM langchain/langgraphjs-api:20
ADD . /deps/mle-smith
ENV LANGSERVE_GRAPHS='{"smith":"./server/exported.ts:smith","task":"./server/exported.ts:task"}'
ENV LANGGRAPH_AUTH='{"path":"./server/auth.ts:auth","disable_studio_auth":true}'
WORKDIR /deps/mle-smith
RUN npm ci
RUN (test ! -f /api/langgraph_api/js/build.mts && echo "Prebuild script not found, skipping") || tsx /api/langgraph_api/js/build.mts