import { spawn } from "node:child_process";

/** The command that shows a file to a person at this machine; undefined where there is no desktop. */
export function desktopOpener(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  // A desktop that is reached through SSH is somebody else's, or none.
  if (environment.SSH_CONNECTION && !environment.DISPLAY) return undefined;
  if (platform === "darwin") return "open";
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? "xdg-open" : undefined;
}

/** Starts the command and does not wait for it; whether it could be started. */
export function openWith(command: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, [path], { detached: true, stdio: "ignore" });
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
    child.once("error", () => resolve(false));
  });
}
