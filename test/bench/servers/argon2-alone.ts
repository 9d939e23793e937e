import argon2 from 'argon2';

/** Verifies one password as often as it can, so many at a time, and nothing else. */
const CONCURRENCY = 2;
const PASSWORD = process.env.PASSWORD!;
const HASH = process.env.PASSWORD_HASH!;

async function verifyFor(seconds: number): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let verified = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (performance.now() < end) {
        if (!(await argon2.verify(HASH, PASSWORD))) throw new Error('The password is another.');
        verified += 1;
      }
    }),
  );
  return verified / ((performance.now() - start) / 1000);
}

process.on('message', (question: { verifyFor: number }) => {
  void verifyFor(question.verifyFor).then((perSecond) => process.send!(perSecond));
});
for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit());
process.send!({ url: '', credentials: [], bootMs: 0 });
