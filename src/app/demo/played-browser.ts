import { LOSE_RESPONSE } from './faults.js';

/** Where a browser's requests go, and the cookie of its session. */
export interface PlayedSite {
  /** Of the routes `login`, `refresh` and `logout`. */
  url: string;
  cookie: string;
}

export interface PlayedRequest {
  who: string;
  route: string;
  /** The refresh token that was sent. */
  sent: string | null;
  /** 0: there was no response. */
  status: number;
  code: string | null;
  /** The refresh token that came back; null if the browser keeps what it has. */
  received: string | null;
}

/**
 * A browser that the server plays: a page can't read its refresh token, so it can't show what becomes of it. The requests
 * are real ones, over HTTP.
 */
export class PlayedBrowser {
  /** @param cookies by name */
  constructor(
    private readonly site: PlayedSite,
    readonly name: string,
    private readonly cookies = new Map<string, string>(),
  ) {}

  /** Another tab: it has the same cookies. */
  openTab(name: string): PlayedBrowser {
    return new PlayedBrowser(this.site, name, this.cookies);
  }

  /** The browser of somebody who has a copy of the cookies as they are now. */
  copyCookies(name: string): PlayedBrowser {
    return new PlayedBrowser(this.site, name, new Map(this.cookies));
  }

  refresh({ isResponseLost = false } = {}): Promise<PlayedRequest> {
    return this.post('refresh', { headers: isResponseLost ? { [LOSE_RESPONSE]: '1' } : {} });
  }

  send(route: string, body: object): Promise<PlayedRequest> {
    const headers = { 'content-type': 'application/json' };
    return this.post(route, { headers, body: JSON.stringify(body) });
  }

  async post(
    route: string,
    { headers = {}, body = null as string | null } = {},
  ): Promise<PlayedRequest> {
    const { site, cookies, name: who } = this;
    const sent = cookies.get(site.cookie) ?? null;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${site.url}/${route}`, {
      method: 'POST',
      body,
      headers: { 'user-agent': `${who}/1.0`, ...(cookie === '' ? {} : { cookie }), ...headers },
    }).catch(() => null);
    const request = { who, route, sent, status: 0, code: null, received: null };
    if (response === null) return request;
    const set = this.#keepCookies(response);
    const text = await response.text();
    const { code = null } = text === '' ? {} : (JSON.parse(text) as { code?: string });
    return { ...request, status: response.status, code, received: set.get(site.cookie) || null };
  }

  /** @returns the cookies that the response sets; those that it clears are empty */
  #keepCookies(response: Response): Map<string, string> {
    const set = new Map<string, string>();
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      set.set(name!, value!);
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return set;
  }
}
