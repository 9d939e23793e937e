import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'users' })
export class User {
  @PrimaryGeneratedColumn()
  id!: number;

  /** As the user wrote it. */
  @Column({ type: 'varchar', length: 255 })
  username!: string;

  /** The key by which two names are equal. */
  @Index('IDX_users_username_key', { unique: true })
  @Column({ name: 'username_key', type: 'varchar', length: 255 })
  usernameKey!: string;

  @Column({ type: 'varchar', length: 255, nullable: true })
  email!: string | null;

  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash!: string;

  /** Separated by commas. */
  @Column({ type: 'varchar', length: 255, default: 'user' })
  roles!: string;

  @Column({ type: 'integer', default: 0 })
  disabled!: number;
}
