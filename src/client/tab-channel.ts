import type { Bell } from './wakeable-sleep.js';
import type { HeldToken } from './held-token.js';
import type { Session } from './session.js';
import type { Channel, Surroundings } from './platform.js';
import { ANSWER_MS, DELIVERY_MS } from './times.js';
import { tried } from './tried.js';

/** What tabs tell each other: a token, or why there is none any more, or only the epoch. Null asks for it. */
interface News {
  epoch: number;
  held: HeldToken | undefined;
  reason?: string | undefined;
}

export interface TabChannel {
  /** Asks the other tabs for a valid token and the epoch, and waits for an answer, not for long. */
  ask(): Promise<void>;
  /** Passes on what this tab knows: its token, or why there is none. Resolves when it should have arrived. */
  tell(): Promise<void>;
}

/**
 * @param channel may be missing, or closed by now: then it is tried in vain
 * @param bell is rung when there was news
 */
export function tabChannel(
  channel: Channel,
  session: Session,
  bell: Bell,
  { now }: Surroundings,
  until: AbortSignal,
): TabChannel {
  async function post(news: News | null, ms: number): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    if (tried(() => !channel.postMessage(news))) await bell.wait(ms);
  }

  function hear(news: News | null): void {
    const mine = session.held;
    if (!news) {
      void post(
        { epoch: session.epoch, held: now() < (mine?.expiresAt as number) ? mine : undefined },
        0,
      );
      return;
    }
    const { epoch, held, reason } = news;
    const isOld = (held?.since as number) <= (mine?.since as number);
    if (epoch < session.epoch || (epoch === session.epoch && isOld)) return;
    session.epoch = epoch;
    if (held || reason) {
      session.change(held, reason);
      bell.ring();
    }
  }

  tried(() => {
    channel.addEventListener('message', ({ data }) => hear(data as News | null));
    until.addEventListener('abort', () => channel.close());
  });

  return {
    ask: () => post(null, ANSWER_MS),
    tell() {
      const { reason } = session.state as { reason?: string };
      return post({ epoch: session.epoch, held: session.held, reason }, DELIVERY_MS);
    },
  };
}
