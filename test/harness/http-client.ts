import { CookieJar } from 'tough-cookie';

export interface HttpResponse {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  body: any;
  headers: Headers;
  setCookies: string[];
}

export interface HttpRequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Sends this as the Cookie header, instead of what the jar holds. */
  cookie?: string;
  bearer?: string;
  /** Leaves the jar as it is, like an answer that got lost on its way. */
  loseResponse?: boolean;
}

/** A browser's worth of HTTP: keeps cookies, sends JSON. */
export class HttpClient {
  readonly jar = new CookieJar();

  constructor(readonly url: string) {}

  get(path: string, ask: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('GET', path, ask);
  }

  post(path: string, ask: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('POST', path, ask);
  }

  delete(path: string, ask: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('DELETE', path, ask);
  }

  async request(method: string, path: string, ask: HttpRequestOptions): Promise<HttpResponse> {
    const url = this.url + path;
    const cookie = ask.cookie ?? (await this.jar.getCookieString(url));
    const isText = typeof ask.body === 'string';
    const response = await fetch(url, {
      method,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ask.bearer === undefined ? {} : { authorization: `Bearer ${ask.bearer}` }),
        ...ask.headers,
      },
      ...(ask.body === undefined
        ? {}
        : { body: isText ? (ask.body as string) : JSON.stringify(ask.body) }),
    });
    const text = await response.text();
    const setCookies = response.headers.getSetCookie();
    if (!ask.loseResponse) {
      for (const line of setCookies) await this.jar.setCookie(line, url);
    }
    return {
      status: response.status,
      body: text === '' ? undefined : parsed(text),
      headers: response.headers,
      setCookies,
    };
  }

  /** What the jar holds under a name, or null. */
  async cookie(name: string): Promise<string | null> {
    const cookies = await this.jar.getCookies(this.url);
    return cookies.find(({ key }) => key === name)?.value ?? null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value that an answer sets under a name, or null; an empty text where it deletes. */
export function cookieSetBy({ setCookies }: HttpResponse, name: string): string | null {
  const line = setCookies.find((candidate) => candidate.startsWith(`${name}=`));
  return line === undefined ? null : line.slice(name.length + 1).split(';', 1)[0]!;
}
