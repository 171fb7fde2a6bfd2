import { setFlagsFromString } from 'node:v8';

// Imported first by main.ts, for what it does: how the heap grows while the service is read, started and polls.
//
// A round over thousands of consumers receives megabytes and keeps next to nothing. V8 takes what is received for
// growth and marks all that lives anew in every round, which cost more than the round itself (`npm run bench:poll`);
// and its generation of young objects, left alone, takes 32 MB that a service of this kind never needs.
// Both are read whenever the heap grows (Node 20 to 24).

/** Young objects stay in the 1 or 2 MB that they begin with. */
setFlagsFromString('--semi-space-growth-factor=1');
/** What survived may grow by half before it is marked anew; V8 would choose a fifth for a program that rests so much. */
setFlagsFromString('--heap-growing-percent=50');
