// A publisher of the demo: two messages a second, and as many at once as it is told to.
import { connect } from 'nats';

const [url = '', stream = ''] = process.argv.slice(2);
const connection = await connect({ servers: url, maxReconnectAttempts: -1 });
const publish = () => {
  connection.publish(`${stream.toLowerCase()}.work`, 'something to do');
};
process.on('message', (message) => {
  for (let i = 0; i < Number(message); i++) publish();
});
process.on('disconnect', () => process.exit(0));
setInterval(publish, 500);
