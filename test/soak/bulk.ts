import { tellBulkStory } from "../faults/bulk-story.ts";

// One message to each of many by the real program, killed over and over, over a server that closes and puts off.
// `npm run soak -- bulk [PEOPLE] [KILLS]`
const [people = 2000, kills = 20] = process.argv.slice(2).map(Number);
const began = performance.now();
const end = await tellBulkStory({
  fast: true,
  recipients: people,
  kills: Array.from({ length: kills }, (_, at) => ({ at: Math.round(((at + 0.5) * people) / kills), taken: at % 2 === 0 })),
  // A connection that it has enough of, ten times; and near the end two messages that it puts off, which costs their sender pace.
  recipientRefusal: (number) => (number % Math.ceil(people / 10) === 30 ? { code: 421, text: "4.3.2 closing" } : undefined),
  refusal: (number) => (number === people - 60 || number === people - 20 ? { code: 421, text: "4.7.0 try again later" } : undefined),
});
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(
  `${people} people, ${JSON.stringify(end.counts)}, ${end.attempts} messages offered, ${end.killed} kills, ${end.asked} asked about (${end.mostAtOnce} after one kill at most), ${seconds} s\n`,
);
process.stdout.write(end.wrong.length === 0 ? "Each has exactly one message, and the report is exact.\n" : `${end.wrong.join("\n")}\n`);
process.exit(end.wrong.length === 0 ? 0 : 1);
