import type { WakeableSleep } from './wakeable-sleep.js';
import type { HeldToken } from './held-token.js';
import type { Session } from './session.js';
import type { Channel, Platform } from './platform.js';
import { RESPONSE_MS, DELIVERY_MS } from './times.js';
import { orUndefined } from './or-undefined.js';

/** A message between tabs: a token, or the reason for a sign-out, or only the epoch. Null requests one. */
interface TabMessage {
  epoch: number;
  held: HeldToken | undefined;
  reason?: string | undefined;
}

export interface TabChannel {
  /** Requests a valid token and the epoch from the other tabs. Waits only briefly for a response. */
  query(): Promise<void>;
  /** Sends this tab's token, or the reason for its sign-out. Resolves when the message should have arrived. */
  send(): Promise<void>;
}

/**
 * @param channel may be missing or closed; sending then has no effect
 * @param untilNews is woken when another tab sent a token or a sign-out
 */
export function tabChannel(
  channel: Channel,
  session: Session,
  untilNews: WakeableSleep,
  { now }: Platform,
  disposed: AbortSignal,
): TabChannel {
  async function post(message: TabMessage | null, ms: number): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    if (orUndefined(() => !channel.postMessage(message))) await untilNews.sleep(ms);
  }

  function receive(message: TabMessage | null): void {
    const mine = session.held;
    if (!message) {
      void post(
        { epoch: session.epoch, held: now() < (mine?.expiresAt as number) ? mine : undefined },
        0,
      );
      return;
    }
    const { epoch, held, reason } = message;
    const isOld = (held?.since as number) <= (mine?.since as number);
    if (epoch < session.epoch || (epoch === session.epoch && isOld)) return;
    session.epoch = epoch;
    if (held || reason) {
      session.change(held, reason);
      untilNews.wake();
    }
  }

  orUndefined(() => {
    channel.addEventListener('message', ({ data }) => receive(data as TabMessage | null));
    disposed.addEventListener('abort', () => channel.close());
  });

  return {
    query: () => post(null, RESPONSE_MS),
    send() {
      const { reason } = session.state as { reason?: string };
      return post({ epoch: session.epoch, held: session.held, reason }, DELIVERY_MS);
    },
  };
}
