import type { PlayedBrowser, PlayedRequest } from '../played-browser.js';

export interface Credentials {
  username: string;
  password: string;
}

/** A request as the page shows it: tokens are named by letters, in the order in which they appeared. */
export interface ShownRequest extends Omit<PlayedRequest, 'sent' | 'received'> {
  sent: string | null;
  received: string | null;
}

/** One of the two sites of the story, with the people who use it. */
export class Side {
  readonly tab1: PlayedBrowser;
  readonly tab2: PlayedBrowser;
  thief: PlayedBrowser | null = null;
  isSignedIn = false;
  readonly #letters = new Map<string, string>();

  constructor(newBrowser: (name: string) => PlayedBrowser) {
    this.tab1 = newBrowser('Tab 1');
    this.tab2 = this.tab1.openTab('Tab 2');
  }

  /** Plays requests. Whether the user is signed in afterwards is what the user's last one says. */
  async play(traffic: (side: Side) => Promise<PlayedRequest[]>): Promise<ShownRequest[]> {
    const requests = await traffic(this);
    const last = requests.findLast(({ who }) => who.startsWith('Tab'));
    if (last !== undefined) this.isSignedIn = last.status >= 200 && last.status < 300;
    return requests.map((request) => ({
      ...request,
      sent: this.#letter(request.sent),
      received: this.#letter(request.received),
    }));
  }

  #letter(token: string | null): string | null {
    if (token === null) return null;
    const letter = this.#letters.get(token) ?? String.fromCodePoint(65 + this.#letters.size);
    this.#letters.set(token, letter);
    return letter;
  }
}
