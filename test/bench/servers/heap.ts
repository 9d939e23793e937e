import { randomBytes } from 'node:crypto';
import { VerifiedTokenCache } from '../../../src/access/verified-token-cache.js';
import { RevokedSessions } from '../../../src/sessions/revoked-sessions.js';

/** Measures how much heap an object takes when it is full. */
const kept: unknown[] = [];

const id = () => randomBytes(16).toString('hex');

function fill(count: number): void {
  if (process.env.THING === 'revoked') {
    const revoked = new RevokedSessions(900_000);
    for (let i = 0; i < count; i += 1) revoked.add(id(), Date.now());
    kept.push(revoked);
    return;
  }
  const verified = new VerifiedTokenCache({ entries: count, bytes: 1 << 30 });
  for (let i = 0; i < count; i += 1) {
    // As long as a token of the reference app.
    const token = randomBytes(315).toString('base64url');
    const sessionId = id();
    const user = { id: String(i), sessionId, username: `user${i}`, roles: ['user'] };
    verified.add(token, { sessionId, exp: 2_000_000_000, user });
  }
  kept.push(verified);
}

function heapUsed(): number {
  global.gc!();
  global.gc!();
  return process.memoryUsage().heapUsed;
}

process.on('message', (call: { fill: number }) => {
  const before = heapUsed();
  fill(call.fill);
  process.send!(heapUsed() - before);
});
for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit());
process.send!({ url: '', credentials: [], bootMs: 0 });
