import { setFlagsFromString } from 'node:v8';

// Imported by main.ts for what it does.
//
// A round over thousands of consumers receives megabytes and keeps next to nothing. V8 counts what is received as
// growth, and a program that rests between two rounds may grow by a fifth only, so it would mark all that lives once or
// twice in every round: more than half of what a round cost (`npm run bench:poll`). With 150 instead of 40 the process is
// 25 to 30 MB larger, and a round a fifth cheaper at most. V8 reads this each time it sets the next limit (Node 20 to
// 24). How much room young objects get can only be told to node itself: the image does.
setFlagsFromString('--heap-growing-percent=40');
