import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/app/database.js';

/** The reference app's database, for the TypeORM command line: `npm run migration:run`. */
export default new DataSource(
  dataSourceOptions(process.env.DATABASE_URL || 'sqlite:data/auth.sqlite'),
);
