import { setFlagsFromString } from 'node:v8';

// Imported by main.ts for what it does.
//
// A round over thousands of consumers receives megabytes and keeps next to nothing. V8 counts what is received as
// growth, and a program that rests between two rounds may grow by a fifth only, so it would mark all that lives once or
// twice in every round: more than half of what a round cost (`npm run bench:poll`). Of 10,000 consumers in the list of
// their streams, medians of three runs: with 50 a round took 108 ms of CPU and the process 127 MB at most, with 150 it
// took 97 ms and 151 MB, with 40 it took 158 ms and 127 MB. V8 reads this each time it sets the next limit (Node 20 to
// 24). How much room young objects get can only be told to node itself: the image does.
setFlagsFromString('--heap-growing-percent=50');
