import { Agent, request } from 'node:http';
import autocannon, { type Client, type Options, type Result } from 'autocannon';

/** Which requests to send to a server, and how. */
export interface Load {
  url: string;
  method: 'GET' | 'POST';
  /** The parts that differ between requests. Each connection uses its share, again and again. */
  requests: { headers?: Record<string, string>; body?: string }[];
  connections: number;
  seconds: number;
  /** A fixed number of requests, if each takes so long that those cut off at the end would matter. */
  amount?: number;
  /** Requests per second, if the server must not be called as fast as it can respond. */
  rate?: number;
  /** Sends back the cookie that the last response on the connection set, as a browser does. */
  keepsCookie: boolean;
}

export interface Served {
  requests: number;
  perSecond: number;
  /** Milliseconds that a request took: the median, and what 99 of 100 stayed below. */
  p50: number;
  p99: number;
}

type SettableClient = Omit<Client, 'on'> & {
  setRequests(requests: object[]): void;
  setHeaders(headers: Record<string, string>): void;
  on(event: 'headers', listener: (response: { headers: string[] }) => void): void;
};

/** @throws {Error} if a response is no success: the speed of failures is of no interest */
async function run(load: Load) {
  const { url, method, requests, connections, seconds, amount, rate, keepsCookie } = load;
  let next = 0;
  const options: Options = {
    url,
    method,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    ...(rate === undefined ? {} : { overallRate: rate }),
    setupClient(client) {
      const share = next % connections;
      const mine = requests.filter((_, i) => i % connections === share % requests.length);
      next += 1;
      const settable = client as unknown as SettableClient;
      settable.setRequests(mine.map((one) => ({ method, ...one })));
      if (keepsCookie) settable.on('headers', ({ headers }) => keepCookie(settable, headers));
    },
  };
  const start = performance.now();
  // With a fixed number of requests, autocannon's own duration is in whole samples.
  let end = start;
  const result = await new Promise<Result>((resolve, reject) => {
    const running = autocannon(options, (error: unknown, served) =>
      error ? reject(error as Error) : resolve(served),
    );
    running.on('response', () => (end = performance.now()));
  });
  const failures = result.non2xx + result.errors + result.timeouts;
  if (failures > 0) {
    throw new Error(
      `${failures} of ${result.requests.total} requests to ${url} failed: ${await sample(url, method, requests[0]!)}`,
    );
  }
  return {
    requests: result['2xx'],
    perSecond: result['2xx'] / ((end - start) / 1000),
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

function keepCookie(client: SettableClient, headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() === 'set-cookie') {
      client.setHeaders({ cookie: headers[i + 1]!.split(';', 1)[0]! });
    }
  }
}

/** The response to one more request, for the error message. */
function sample(url: string, method: string, { headers, body }: Load['requests'][number]) {
  return new Promise<string>((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: headers ?? {}, agent: new Agent() },
      (response) => {
        let text = `${response.statusCode} `;
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

process.on('message', (load: Load) => {
  run(load).then(
    (served) => process.send!({ served }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
