import { greyPng, monoWav } from "../../mutants/media.ts";
import { type Draft, normal, stream } from "./draft.ts";
import { draftOf } from "./draft-of.ts";

/** Packages whose rows name files. */

const SHAPES = ["stripe", "wave", "spot"];

/** Small grey pictures with a texture under noise. */
export function textures(): Draft {
  const draw = stream(51);
  const size = 16;
  return mediaDraft("image", "pictures", "png", 360, draw, (shape) => {
    const [phase, turn] = [2 * Math.PI * draw(), draw() < 0.25 ? Math.floor(3 * draw()) : shape];
    return greyPng(size, (x, y) => {
      const wave = [Math.sin(x + phase), Math.sin(y + phase), Math.sin(x + phase) * Math.sin(y + phase)][
        turn
      ];
      return 128 + 40 * (wave ?? 0) + 30 * normal(draw);
    });
  });
}

/** Short sounds of a pitch under noise. */
export function tones(): Draft {
  const draw = stream(61);
  return mediaDraft("audio", "sounds", "wav", 300, draw, (shape) => {
    const heard = draw() < 0.2 ? Math.floor(3 * draw()) : shape;
    const pitch = 400 * (heard + 1) * (0.9 + 0.2 * draw());
    const phase = 2 * Math.PI * draw();
    return monoWav(
      8000,
      1200,
      (time) => 6000 * Math.sin(2 * Math.PI * pitch * time + phase) + 2500 * normal(draw),
    );
  });
}

/** Short series in files of their own. */
export function movements(): Draft {
  const draw = stream(41);
  return mediaDraft("series", "walks", "csv", 300, draw, (shape) => {
    const walked = draw() < 0.25 ? Math.floor(3 * draw()) : shape;
    const drift = [-0.1, 0, 0.1][walked] ?? 0;
    const lines = Array.from(
      { length: 30 },
      (_, step) => `${(drift * step + 2 * normal(draw)).toFixed(3)},${normal(draw).toFixed(3)}`,
    );
    return Buffer.from(`x,y\n${lines.join("\n")}\n`);
  });
}

function mediaDraft(
  kind: "image" | "audio" | "series",
  folder: string,
  ending: string,
  count: number,
  draw: () => number,
  make: (shape: number) => Uint8Array,
): Draft {
  const files = new Map<string, Uint8Array>();
  const rows = Array.from({ length: count }, (_, index) => {
    const shape = Math.floor(SHAPES.length * draw());
    const file = `${folder}/${(index * 7919 + 13) % 100_003}.${ending}`;
    files.set(`public/${file}`, make(shape));
    return { file, shape: SHAPES[shape] ?? "" };
  });
  return draftOf({
    title: "Tell the shape",
    objective: "multiclass_classification",
    modality: kind,
    metric: "accuracy",
    target: { name: "shape", kind: "category", labels: SHAPES, columns: ["shape"] },
    features: ["file"],
    rows,
    testRows: Math.floor(count / 4),
    media: { column: "file", kind },
    files,
    seed: 7,
  });
}
