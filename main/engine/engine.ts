import type { Port } from "../../shared/wire.ts";
import type { AssetAnswer, AssetOptions } from "../api/assets.ts";

/** All of Satchel but its windows, as a host sees it. `openEngine` in open.ts makes the real one. */
export interface Engine {
  /** Answers this window's requests and tells it events until the port closes. */
  serve(port: Port): void;
  /** What lies at an address that the engine gave out, `/asset/KEY/…`; an unknown one answers 404. Never rejects for a bad path. */
  readAsset(path: string, options: AssetOptions): Promise<AssetAnswer>;
  /** Saves what is under way, closes connections and files. */
  close(): Promise<void>;
}
