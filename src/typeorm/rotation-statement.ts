import type { DataSource } from 'typeorm';
import type { Rotation } from '../sessions/refresh-token-store.js';
import { RefreshToken } from './refresh-token.entity.js';

/** What the statement is given, by the name of its placeholder. */
const VALUES = {
  nextTokenHash: ({ next }) => next.tokenHash,
  nextGeneration: ({ next }) => next.generation,
  nextExpiresAt: ({ next }) => next.expiresAt,
  ip: ({ next }) => next.ip,
  userAgent: ({ next }) => next.userAgent,
  now: ({ now }) => now,
  id: ({ id }) => id,
  userId: ({ userId }) => userId,
  generation: ({ generation }) => generation,
  tokenHash: ({ tokenHash }) => tokenHash,
  absoluteExpiresAt: ({ absoluteExpiresAt }) => absoluteExpiresAt,
  rotatedAtOrBefore: ({ rotatedAtOrBefore }) => rotatedAtOrBefore,
} satisfies Record<string, (rotation: Rotation) => string | number | null>;

type ValueName = keyof typeof VALUES;

interface Written {
  sql: string;
  /** In the order of the driver's placeholders. */
  values: readonly ValueName[];
}

/**
 * The one UPDATE of a rotation: checks and consumes in one statement, so that of many at once exactly one wins.
 * TypeORM writes it once for its driver, and not anew with every refresh, which took twice as long as running it; on
 * SQLite it also wrote the numbers into the text, so that no statement was ever used twice.
 */
export class RotationStatement {
  #always: Written | null = null;
  #afterLeeway: Written | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /** Whether the session was rotated. */
  async run(rotation: Rotation): Promise<boolean> {
    const { sql, values } = this.#for(rotation);
    const runner = this.dataSource.createQueryRunner();
    try {
      const parameters = values.map((name) => VALUES[name](rotation));
      const { affected } = await runner.query(sql, parameters, true);
      return affected === 1;
    } finally {
      await runner.release();
    }
  }

  /** The first rotation after login needs no leeway since the last one, and a leeway of 0 never does. */
  #for({ rotatedAtOrBefore, generation }: Rotation): Written {
    return rotatedAtOrBefore === null || generation === 0
      ? (this.#always ??= this.#write(''))
      : (this.#afterLeeway ??= this.#write(' AND rotated_at <= :rotatedAtOrBefore'));
  }

  /** Has TypeORM write the statement with the names of its values in their places. */
  #write(andMore: string): Written {
    const names = Object.fromEntries(Object.keys(VALUES).map((name) => [name, name]));
    const [sql, values] = this.dataSource
      .createQueryBuilder()
      .update(RefreshToken)
      .set({
        tokenHash: 'nextTokenHash',
        generation: 'nextGeneration',
        rotatedAt: 'now',
        expiresAt: 'nextExpiresAt',
        ip: 'ip',
        userAgent: 'userAgent',
      } satisfies Record<string, ValueName> as object)
      .where(
        'id = :id AND user_id = :userId AND generation = :generation AND token_hash = :tokenHash' +
          ' AND absolute_expires_at = :absoluteExpiresAt AND revoked_at IS NULL AND expires_at > :now' +
          andMore,
        names,
      )
      .getQueryAndParameters();
    return { sql, values: values as ValueName[] };
  }
}
