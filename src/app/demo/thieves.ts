import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';

export interface ThiefResponse {
  status: number;
  code: string | null;
}

/** Thieves who copied a refresh cookie. The page can't read that cookie, so the server plays the thief. */
@Injectable()
export class Thieves {
  readonly #cookies = new Map<string, string>();

  /** @returns the name of a new thief with this cookie */
  equip(cookie: string): string {
    const thief = randomUUID();
    this.#cookies.set(thief, cookie);
    return thief;
  }

  /** The thief sends his token, and keeps the one he receives. */
  async refresh(thief: string, url: string): Promise<ThiefResponse> {
    const cookie = this.#cookies.get(thief);
    if (cookie === undefined) throw new NotFoundException('There is no such thief.');
    const headers = { cookie, 'user-agent': 'Thief/1.0' };
    const response = await fetch(url, { method: 'POST', headers });
    const { code } = (await response.json()) as { code?: string };
    const successor = response.headers.getSetCookie()[0]?.split(';', 1)[0];
    if (response.ok && successor !== undefined) this.#cookies.set(thief, successor);
    return { status: response.status, code: code ?? null };
  }
}
