// express-pouchdb with everything in memory: no disk at all, which favours it.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));
const InMemory = PouchDB.defaults({ adapter: 'memory' });

const app = require('express')();
app.use(require('express-pouchdb')(InMemory, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
app.listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
