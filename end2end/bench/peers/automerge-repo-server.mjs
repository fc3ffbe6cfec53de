// The server of automerge-repo as its documentation builds it: WebSocket, files, shares nothing unasked.
import { Repo } from '@automerge/automerge-repo';
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { WebSocketServer } from 'ws';

const [port, folder] = process.argv.slice(2);
const sockets = new WebSocketServer({ port: Number(port), host: '127.0.0.1' });
new Repo({
  network: [new WebSocketServerAdapter(sockets)],
  storage: new NodeFSStorageAdapter(folder),
  peerId: 'server',
  sharePolicy: async () => false,
});
process.on('SIGTERM', () => process.exit(0));
