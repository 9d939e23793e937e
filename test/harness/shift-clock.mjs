/**
 * Preloaded into an app's process: a clock that is ahead of the others, or behind, and can be set forward; and how long
 * the process has run by its own timers. On an overloaded machine they come late, and so does everything else that the
 * process does by timers. A duration measured in this time does not depend on the machine's other work.
 */
const TURN_MS = 100;
let turns = 0;
setInterval(() => (turns += 1), TURN_MS).unref();

let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const now = Date.now.bind(Date);
Date.now = () => now() + aheadMs;
process.on('message', ({ id, advanceMs }) => {
  aheadMs += advanceMs;
  process.send({ id, livedMs: turns * TURN_MS });
});
process.channel?.unref();
