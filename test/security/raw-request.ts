import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface RawRequest {
  method: string;
  path: string;
  /** Names and values in turn, sent unchanged, even if `fetch` would refuse or join them. */
  headers?: readonly string[];
  body?: string | Buffer;
}

export interface RawResponse {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of every shape
  body: any;
}

/** An HTTP client that sends anything, unlike a browser. */
export class RawClient {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: string;

  constructor(url: string) {
    this.#port = new URL(url).port;
  }

  send({ method, path, headers = [], body }: RawRequest): Promise<RawResponse> {
    // Node would send an empty body in chunks, which counts as a body.
    const length =
      body === undefined && method === 'GET'
        ? []
        : ['Content-Length', `${Buffer.byteLength(body ?? '')}`];
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: this.#agent,
          headers: ['Host', `localhost:${this.#port}`, ...headers, ...length],
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const { statusCode: status, headers: received } = response;
            resolve({ status: status!, headers: received, text, body: parsed(text) });
          });
        },
      );
      sent.on('error', (error: Error & { rawPacket?: Buffer }) => {
        // Fastify responds to invalid HTTP before it knows the method, so even HEAD gets a body.
        const refusal = /^HTTP\/1\.1 (4\d\d) /.exec(error.rawPacket?.toString('latin1') ?? '');
        if (refusal === null) reject(error);
        else resolve({ status: Number(refusal[1]), headers: {}, text: '', body: undefined });
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
