/** Preloaded into an app's process: a clock that is ahead of the others', or behind, and can be set forward. */
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const now = Date.now.bind(Date);
Date.now = () => now() + aheadMs;
process.on('message', ({ advanceMs }) => {
  aheadMs += advanceMs;
  process.send({ advanced: true });
});
process.channel?.unref();
