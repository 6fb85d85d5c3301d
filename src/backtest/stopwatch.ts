/** Adds up how long the stages of a run take. */
export interface Stopwatch {
  /** Times asynchronous work; stages that run side by side are each counted in full. */
  time: <T>(stage: string, work: () => Promise<T>) => Promise<T>
  /** Times work that is done at once. */
  now: <T>(stage: string, work: () => T) => T
  /** Milliseconds by stage. */
  stages: () => Record<string, number>
}

/** How long something took, in milliseconds. */
export interface Spent {
  /** What went by. */
  wall: number
  /** What all threads of the process have used meanwhile, for this or for something else. */
  processor: number
}

/** Starts two clocks; the function returned reads them. */
export function clocks(): () => Spent {
  const [started, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { wall: performance.now() - started, processor: (user + system) / 1000 }
  }
}

/** Returns a stopwatch at nought. */
export function stopwatch(): Stopwatch {
  const stages: Record<string, number> = {}
  const add = (stage: string, started: number) => {
    stages[stage] = (stages[stage] ?? 0) + performance.now() - started
  }
  return {
    async time(stage, work) {
      const started = performance.now()
      return work().finally(() => add(stage, started))
    },
    now(stage, work) {
      const started = performance.now()
      const result = work()
      add(stage, started)
      return result
    },
    stages: () => Object.fromEntries(Object.entries(stages).map(([stage, ms]) => [stage, Math.round(ms)])),
  }
}
