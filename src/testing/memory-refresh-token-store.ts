import type {
  EndedSlice,
  RefreshTokenStore,
  RevocationTarget,
  Rotation,
  SessionRow,
} from '../sessions/refresh-token-store.js';
import type { RevocationReason } from '../events/revocation-reason.js';

/** Sessions in memory, for an app's tests: `AuthModule.forRoot({ …, store: new MemoryRefreshTokenStore() })`. */
export class MemoryRefreshTokenStore implements RefreshTokenStore {
  readonly #rows = new Map<string, SessionRow>();
  #devicesForgottenAt: number | null = null;
  #keptTime: number | null = null;

  async insert(session: SessionRow): Promise<void> {
    if (this.#rows.has(session.id)) throw new Error(`There is a session ${session.id} already.`);
    this.#rows.set(session.id, { ...session });
  }

  async rotate(rotation: Rotation): Promise<boolean> {
    const row = this.#rows.get(rotation.id);
    const { rotatedAtOrBefore, now, next } = rotation;
    const isAsPresented =
      row !== undefined &&
      row.userId === rotation.userId &&
      row.generation === rotation.generation &&
      row.tokenHash === rotation.tokenHash &&
      row.absoluteExpiresAt === rotation.absoluteExpiresAt &&
      row.revokedAt === null &&
      row.expiresAt > now;
    if (!isAsPresented) return false;
    if (rotatedAtOrBefore !== null && row.generation > 0 && row.rotatedAt > rotatedAtOrBefore) {
      return false;
    }
    Object.assign(row, next, { rotatedAt: now });
    return true;
  }

  async find(id: string): Promise<SessionRow | null> {
    const row = this.#rows.get(id);
    return row === undefined ? null : { ...row };
  }

  async listActive(userId: string, now: number, limit: number): Promise<SessionRow[]> {
    return [...this.#rows.values()]
      .filter((row) => row.userId === userId && isLive(row, now))
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map((row) => ({ ...row }));
  }

  async revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number> {
    const ended = [...this.#rows.values()].filter(
      (row) => row.revokedAt === null && isMeant(row, target),
    );
    for (const row of ended) {
      Object.assign(row, { revokedAt: Math.max(now, row.rotatedAt), revokedReason: reason });
    }
    return ended.length;
  }

  async revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]> {
    return [...this.#rows.values()].flatMap(({ id, revokedAt }) =>
      revokedAt !== null && revokedAt >= since ? [{ id, revokedAt }] : [],
    );
  }

  async deleteEnded(before: number, limit: number): Promise<EndedSlice> {
    const ended = [...this.#rows.values()].filter(
      ({ absoluteExpiresAt, revokedAt }) =>
        absoluteExpiresAt < before || (revokedAt !== null && revokedAt < before),
    );
    const slice = ended.slice(0, limit);
    for (const { id } of slice) this.#rows.delete(id);
    return { found: slice.length, deleted: slice.length };
  }

  async forgetDevices(now: number): Promise<void> {
    this.#devicesForgottenAt = Math.max(now, this.#devicesForgottenAt ?? now);
  }

  async devicesForgottenAt(): Promise<number | null> {
    return this.#devicesForgottenAt;
  }

  async keepTime(moment: number): Promise<void> {
    this.#keptTime = moment;
  }

  async keptTime(): Promise<number | null> {
    return this.#keptTime;
  }
}

function isLive(row: SessionRow, now: number): boolean {
  return row.revokedAt === null && row.expiresAt > now;
}

function isMeant(row: SessionRow, target: RevocationTarget): boolean {
  if (target === 'everything') return true;
  if ('id' in target) {
    return row.id === target.id && (target.userId === undefined || row.userId === target.userId);
  }
  return row.userId === target.userId && row.id !== target.exceptId;
}
