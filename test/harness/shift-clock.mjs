/**
 * Preloaded into an app's process: a clock that is ahead of the others', or behind, and can be set forward; and how long
 * the process has lived by its own timers. Where a machine is overloaded they come late, and so does whatever else the
 * process does by timers: what it takes, in this time, doesn't depend on what else the machine does.
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
