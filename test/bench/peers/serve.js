import { setTimeout as pause } from 'node:timers/promises';

/** Listens, says where and for whom, and answers what the benchmark asks: the other servers speak the same. */
export async function serve(server, credentials) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  process.send({ url, credentials: await credentials(url) });
  process.on('message', (question) => {
    if (question.cpu) process.send(process.cpuUsage());
    if (question.ageIn !== undefined) void age(question.ageIn);
  });
  for (const end of ['disconnect', 'SIGTERM']) process.on(end, () => process.exit());
}

async function age(seconds) {
  for (let i = 0; i < 12; i += 1) {
    await pause((seconds * 1000) / 12);
    global.gc();
  }
}

export const USERS = Number(process.env.USERS ?? '1000');

/** The cookies that an answer sets, as the next request sends them. */
export function cookiesOf(answer) {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}
