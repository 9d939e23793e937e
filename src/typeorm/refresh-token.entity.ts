import { Column, Entity, Index, PrimaryColumn, type ValueTransformer } from 'typeorm';
import type { RevocationReason } from '../events/revocation-reason.js';
import { SESSIONS } from './table-names.js';

/** Drivers return a bigint as text or number; milliseconds fit a number until the year 287396. */
const milliseconds: ValueTransformer = {
  to: (value: number | null) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/**
 * One session. Only varchar, integer and bigint columns, so that one migration serves every database, and no index on a
 * column that rotation writes, so that PostgreSQL updates in place (HOT). TypeORM derives the index names from the
 * table's name, so that two prefixes can share one schema.
 */
@Entity({ name: SESSIONS })
// With the time, so that the latest sessions of a user can be read without reading all of them.
@Index(['userId', 'createdAt'])
export class RefreshToken {
  /** The session's id: `sid` in its tokens. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 255 })
  userId!: string;

  /** SHA-256, hex, of the current token's secret. */
  @Column({ name: 'token_hash', type: 'varchar', length: 64 })
  tokenHash!: string;

  @Column({ type: 'integer' })
  generation!: number;

  @Column({ name: 'created_at', type: 'bigint', transformer: milliseconds })
  createdAt!: number;

  @Column({ name: 'rotated_at', type: 'bigint', transformer: milliseconds })
  rotatedAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: milliseconds })
  expiresAt!: number;

  @Index()
  @Column({ name: 'absolute_expires_at', type: 'bigint', transformer: milliseconds })
  absoluteExpiresAt!: number;

  @Index()
  @Column({ name: 'revoked_at', type: 'bigint', nullable: true, transformer: milliseconds })
  revokedAt!: number | null;

  @Column({ name: 'revoked_reason', type: 'varchar', length: 32, nullable: true })
  revokedReason!: RevocationReason | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  ip!: string | null;

  @Column({ name: 'user_agent', type: 'varchar', length: 255, nullable: true })
  userAgent!: string | null;
}
