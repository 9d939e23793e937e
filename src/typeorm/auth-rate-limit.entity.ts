import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RATE_LIMITS } from './table-names.js';

/**
 * Failed logins, counted by several instances together (`limits.store: 'database'`). Written by rate-limiter-flexible.
 */
@Entity({ name: RATE_LIMITS })
export class AuthRateLimit {
  @PrimaryColumn({ type: 'varchar', length: 255 })
  key!: string;

  @Column({ type: 'integer' })
  points!: number;

  /** Milliseconds since the epoch. */
  @Column({ type: 'bigint', nullable: true })
  expire!: string | null;
}
