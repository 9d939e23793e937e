import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { PlayedBrowser, type PlayedSite } from '../played-browser.js';
import type { Credentials } from './side.js';
import { Story, type StepOutcome } from './story.js';

type Sites = Record<'ours' | 'ordinary', PlayedSite>;

/** Pages that are closed don't end their story. */
const MOST_STORIES = 20;

/** The stories that are being played. Their user is made up once, and is the same in all. */
@Injectable()
export class Stories {
  readonly #stories = new Map<string, Story>();
  #user: Promise<Credentials> | null = null;

  /** @returns the name of a new story */
  async begin(sites: Sites): Promise<string> {
    this.#user ??= makeUpUser(sites.ours);
    const user = await this.#user.catch((error: unknown) => {
      this.#user = null;
      throw error;
    });
    const [oldest] = this.#stories.keys();
    if (oldest !== undefined && this.#stories.size >= MOST_STORIES) await this.end(oldest);
    const name = randomUUID();
    this.#stories.set(name, new Story(sites, user));
    return name;
  }

  async next(name: string): Promise<StepOutcome> {
    const story = this.#stories.get(name);
    if (story === undefined) throw new NotFoundException('There is no such story.');
    return story.next();
  }

  async end(name: string): Promise<void> {
    const story = this.#stories.get(name);
    this.#stories.delete(name);
    await story?.end();
  }
}

async function makeUpUser(site: PlayedSite): Promise<Credentials> {
  const user = {
    username: `story-${randomBytes(4).toString('hex')}`,
    password: randomBytes(24).toString('base64url'),
  };
  const browser = new PlayedBrowser(site, 'Story');
  const { status, code } = await browser.send('register', user);
  await browser.post('logout');
  if (status >= 400) {
    throw new ServiceUnavailableException(
      `The server refused to register the story’s user: ${status} ${code ?? ''}. If the switch “Server responds 503” is on, switch it off.`,
    );
  }
  return user;
}
