import { CookieJar } from 'tough-cookie';

export interface HttpResponse {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read bodies of every shape
  body: any;
  headers: Headers;
  setCookies: string[];
}

export interface HttpRequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Sends this as the Cookie header, in place of the cookies in the jar. */
  cookie?: string;
  bearer?: string;
  /** Does not change the jar, as if the response got lost on its way. */
  loseResponse?: boolean;
}

/** An HTTP client like a browser: keeps cookies, sends JSON. */
export class HttpClient {
  readonly jar = new CookieJar();

  constructor(readonly url: string) {}

  get(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('GET', path, options);
  }

  post(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('POST', path, options);
  }

  delete(path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> {
    return this.request('DELETE', path, options);
  }

  async request(method: string, path: string, options: HttpRequestOptions): Promise<HttpResponse> {
    const url = this.url + path;
    const cookie = options.cookie ?? (await this.jar.getCookieString(url));
    const isText = typeof options.body === 'string';
    const response = await fetch(url, {
      method,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: isText ? (options.body as string) : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const setCookies = response.headers.getSetCookie();
    if (!options.loseResponse) {
      for (const line of setCookies) await this.jar.setCookie(line, url);
    }
    return {
      status: response.status,
      body: text === '' ? undefined : parsed(text),
      headers: response.headers,
      setCookies,
    };
  }

  /** The cookie with this name in the jar, or null. */
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

/** The value that a response sets for a cookie, or null; an empty text if it deletes the cookie. */
export function cookieSetBy({ setCookies }: HttpResponse, name: string): string | null {
  const line = setCookies.find((candidate) => candidate.startsWith(`${name}=`));
  return line === undefined ? null : line.slice(name.length + 1).split(';', 1)[0]!;
}
