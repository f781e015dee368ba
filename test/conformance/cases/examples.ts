import { event, proves, stream } from '../case.js'

/** §9.2.1 and §9.2.6: the kinds of stream that the standard shows. */
export const exampleCases = [
  ...proves(
    'Example: messages of one line and of two.',
    stream('three messages', 'data: one\n\ndata: two, which\ndata: has two lines\n\ndata: three\n\n', [
      event('one'),
      event('two, which\nhas two lines'),
      event('three'),
    ]),
  ),
  ...proves(
    'Example: events of two types.',
    stream('join and leave', 'event: join\ndata: 101\n\nevent: leave\ndata: 7\n\nevent: join\ndata: 102\n\n', [
      event('101', '', 'join'),
      event('7', '', 'leave'),
      event('102', '', 'join'),
    ]),
  ),
  ...proves(
    'Example: one event of three data lines, once followed by a blank line.',
    stream('a quote', 'data: ACME\ndata: -3\ndata: 42\n\n', [event('ACME\n-3\n42')]),
    stream('a quote before its blank line', 'data: ACME\ndata: -3\ndata: 42\n', []),
  ),
  ...proves(
    'Example: four blocks: a comment, an id, an id without a value, a leading space; each has to end with a blank line.',
    stream('four blocks', ': hello\n\ndata: uno\nid: 9\n\ndata:dos\nid\n\ndata:  tres\n\n', [
      event('uno', '9'),
      event('dos', ''),
      event(' tres', ''),
    ], { comments: ['hello'] }),
    stream('four blocks, the last without its end', ': hello\n\ndata: uno\nid: 9\n\ndata:dos\nid\n\ndata:  tres\n', [
      event('uno', '9'),
      event('dos', ''),
    ], { comments: ['hello'] }),
  ),
  ...proves(
    'Example: data set to the empty string, data set to a single newline, and a block that is discarded.',
    stream('empty data', 'data\n\ndata\ndata\n\ndata:', [event(''), event('\n')]),
    stream('empty data, the last block ended', 'data\n\ndata\ndata\n\ndata:\n\n', [event(''), event('\n'), event('')]),
  ),
  ...proves(
    'Example: two identical events, because the space after the colon is ignored if present.',
    stream('with the space and without', 'data:same\n\ndata: same\n\n', [event('same'), event('same')]),
  ),
  ...proves(
    "§9.2.7: authors can include a comment line (one starting with a ':' character) every 15 seconds or so.",
    stream('comments between events', ':\n\n:\n\ndata: a\n\n:\n:\n\ndata: b\n\n:\n', [event('a'), event('b')], {
      comments: ['', '', '', '', ''],
    }),
  ),
]
