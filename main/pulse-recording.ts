import { type Lag, LagMeter } from "./pulse-lag.ts";

/** A function by its name and the place where it stands. */
export type Hot = {
  readonly name: string;
  /** File and line, without folders; "" for what is not written in JavaScript. */
  readonly place: string;
};

/** What one thread did while it was recorded. Names of functions, numbers and times; nothing that it worked on. */
export type ThreadRecording = {
  /** JSON of a .cpuprofile. */
  readonly cpu: string;
  /** JSON of a .heapprofile: which functions made what was made meanwhile and is still held. */
  readonly heap: string;
  readonly lag: Lag;
  /** How much of the time it worked, 0 to 1. */
  readonly busy: number;
  /** In which functions, the longest first; `part` of the whole time. */
  readonly functions: readonly (Hot & { readonly part: number })[];
  /** Who made what is still held, the most first. */
  readonly makers: readonly (Hot & { readonly bytes: number })[];
};

/** Nobody records for longer, whatever became of who began it. */
const LONGEST_RECORDING_MS = 90_000;
/** One in so many bytes is looked at: cheap enough to notice nothing of it. */
const HEAP_SAMPLE_BYTES = 32_768;
const TOLD = 8;
/** What V8 calls the times in which a thread did nothing of its own. */
const AT_REST = new Set(["(idle)", "(program)", "(root)"]);

type CallFrame = { functionName: string; url: string; lineNumber: number };
type CpuNode = { id: number; callFrame: CallFrame };
type HeapNode = { callFrame: CallFrame; selfSize: number; children: HeapNode[] };

/** Records this thread. @returns null where this Node was built without an inspector */
export async function startRecording(): Promise<{ stop(): Promise<ThreadRecording | null> } | null> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  try {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("HeapProfiler.enable");
    await session.post("HeapProfiler.startSampling", { samplingInterval: HEAP_SAMPLE_BYTES });
    await session.post("Profiler.start");
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_INSPECTOR")) return null;
    throw error;
  }
  const meter = new LagMeter();
  let ended = false;
  const stop = async (): Promise<ThreadRecording | null> => {
    if (ended) return null;
    ended = true;
    clearTimeout(longest);
    // Before the profiles are written, which takes a moment itself.
    const lag = meter.stop();
    const { profile: cpu } = await session.post("Profiler.stop");
    const { profile: heap } = await session.post("HeapProfiler.stopSampling");
    session.disconnect();
    const nodes = cpu.nodes.map((node) => ({ ...node, callFrame: withoutFolders(node.callFrame) }));
    const head = nodesWithoutFolders(heap.head);
    return {
      cpu: JSON.stringify({ ...cpu, nodes }),
      heap: JSON.stringify({ ...heap, head }),
      lag,
      ...hottest(nodes, cpu.samples ?? [], cpu.timeDeltas ?? []),
      makers: makersOf(head),
    };
  };
  const longest = setTimeout(() => void stop(), LONGEST_RECORDING_MS).unref();
  return { stop };
}

/** The folders of a path name who uses this computer. */
function withoutFolders<F extends CallFrame>(frame: F): F {
  const { url } = frame;
  return { ...frame, url: url.startsWith("node:") ? url : url.replace(/^.*[\\/]/u, "") };
}

function nodesWithoutFolders<N extends HeapNode>(node: N): N {
  return { ...node, callFrame: withoutFolders(node.callFrame), children: node.children.map(nodesWithoutFolders) };
}

function hotOf({ functionName, url, lineNumber }: CallFrame): Hot {
  return { name: functionName, place: url === "" ? "" : `${url}:${lineNumber + 1}` };
}

function keyOf({ name, place }: Hot): string {
  return `${name} ${place}`;
}

/** Time by function, from samples with the microseconds that passed before each. */
function hottest(
  nodes: readonly CpuNode[],
  samples: readonly number[],
  deltas: readonly number[],
): Pick<ThreadRecording, "busy" | "functions"> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new Map<string, Hot & { part: number }>();
  let all = 0;
  let rest = 0;
  for (const [at, id] of samples.entries()) {
    const frame = frames.get(id);
    // A sample lasts until the next; the first one may lie before the beginning.
    const us = Math.max(0, deltas[at + 1] ?? 0);
    all += us;
    if (frame === undefined || AT_REST.has(frame.functionName)) {
      rest += us;
      continue;
    }
    const hot = hotOf(frame);
    const sum = sums.get(keyOf(hot)) ?? { ...hot, part: 0 };
    sum.part += us;
    sums.set(keyOf(hot), sum);
  }
  if (all === 0) return { busy: 0, functions: [] };
  return {
    busy: (all - rest) / all,
    functions: [...sums.values()]
      .toSorted((one, other) => other.part - one.part)
      .slice(0, TOLD)
      .map((one) => ({ ...one, part: one.part / all })),
  };
}

function makersOf(head: HeapNode): ThreadRecording["makers"] {
  const sums = new Map<string, Hot & { bytes: number }>();
  const open = [head];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...node.children);
    if (node.selfSize === 0) continue;
    const hot = hotOf(node.callFrame);
    const sum = sums.get(keyOf(hot)) ?? { ...hot, bytes: 0 };
    sum.bytes += node.selfSize;
    sums.set(keyOf(hot), sum);
  }
  return [...sums.values()].toSorted((one, other) => other.bytes - one.bytes).slice(0, TOLD);
}
