/** The part of dockerode that is used here; the package brings no types. */
declare module "dockerode" {
  import type { Duplex, Readable } from "node:stream";
  import type { Pack } from "tar-stream";

  namespace Docker {
    interface ContainerOptions {
      name?: string;
      Image: string;
      Cmd: string[];
      User: string;
      Env: string[];
      WorkingDir: string;
      Hostname: string;
      Labels: Record<string, string>;
      OpenStdin: boolean;
      StdinOnce: boolean;
      AttachStdin: boolean;
      AttachStdout: boolean;
      AttachStderr: boolean;
      NetworkDisabled: boolean;
      HostConfig: Record<string, unknown>;
    }
    interface ContainerInfo {
      Id: string;
      State: string;
      /** Seconds since 1970. */
      Created: number;
      Labels: Record<string, string>;
    }
    interface Container {
      readonly id: string;
      start(): Promise<unknown>;
      kill(): Promise<unknown>;
      remove(options: { force: boolean; v: boolean }): Promise<unknown>;
      update(limits: Record<string, number>): Promise<unknown>;
      wait(options: { condition: "removed" }): Promise<{ StatusCode: number }>;
      inspect(): Promise<Record<string, unknown>>;
      putArchive(tar: Pack, options: { path: string }): Promise<unknown>;
      attach(options: {
        stream: true;
        hijack: true;
        stdin: true;
        stdout: true;
        stderr: true;
      }): Promise<Duplex>;
    }
    interface ImageInfo {
      Id: string;
      Size: number;
      Config: { Labels: Record<string, string> | null };
      Architecture: string;
    }
  }

  class Docker {
    constructor(options?: Record<string, unknown>);
    readonly modem: {
      followProgress(
        stream: NodeJS.ReadableStream,
        finished: (error: Error | null) => void,
        progress: (event: { stream?: string; error?: string }) => void,
      ): void;
    };
    ping(): Promise<unknown>;
    info(): Promise<unknown>;
    version(): Promise<unknown>;
    createContainer(options: Docker.ContainerOptions): Promise<Docker.Container>;
    getContainer(id: string): Docker.Container;
    listContainers(options: {
      all: boolean;
      filters: Record<string, string[]>;
    }): Promise<Docker.ContainerInfo[]>;
    listVolumes(options: {
      filters: Record<string, string[]>;
    }): Promise<{ Volumes: Array<{ Name: string; CreatedAt?: string }> | null }>;
    getVolume(name: string): { remove(): Promise<unknown> };
    getEvents(options: { filters: Record<string, string[]> }): Promise<NodeJS.ReadableStream>;
    getImage(name: string): { inspect(): Promise<Docker.ImageInfo>; get(): Promise<Readable> };
    loadImage(tar: Readable): Promise<Readable>;
    importImage(tar: Readable, options: Record<string, unknown>): Promise<Readable>;
    buildImage(context: Pack, options: Record<string, unknown>): Promise<Readable>;
  }
  export default Docker;
}
