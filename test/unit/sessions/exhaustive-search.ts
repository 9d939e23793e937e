export interface Step<World> {
  what: string;
  to: World;
  refused?: boolean;
}

export interface Found {
  /** The number of different worlds that were reached. */
  worlds: number;
  /** The shortest sequence of steps to a refusal, or null if there is none. */
  story: string[] | null;
}

/** Takes every step from every reachable world, the nearest first, until a request is refused or no world is new. */
export function search<World>(
  start: World,
  keyOf: (world: World) => string,
  stepsFrom: (world: World) => Step<World>[],
): Found {
  interface Reached {
    world: World;
    what: string;
    from: Reached | null;
  }
  const known = new Set([keyOf(start)]);
  const queue: Reached[] = [{ world: start, what: '', from: null }];

  for (const reached of queue) {
    for (const { what, to, refused } of stepsFrom(reached.world)) {
      const next = { world: to, what, from: reached };
      if (refused) return { worlds: known.size, story: storyOf(next) };
      const key = keyOf(to);
      if (known.has(key)) continue;
      known.add(key);
      queue.push(next);
    }
  }
  return { worlds: known.size, story: null };

  function storyOf(end: Reached): string[] {
    const story: string[] = [];
    for (let at = end; at.from !== null; at = at.from) story.unshift(at.what);
    return story;
  }
}
