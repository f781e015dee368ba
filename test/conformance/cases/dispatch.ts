import { event, proves, stream } from '../case.js'

/** §9.2.6, the steps to dispatch the event. */
export const dispatchCases = [
  ...proves(
    'Set the last event ID string of the event source to the value of the last event ID buffer.',
    stream('with an event', 'id: 1\ndata: x\n\n', [event('x', '1')]),
    stream('without an event: the id still moves', 'id: 1\n\n', [], { lastEventId: '1' }),
    stream('without an event: the next one carries it', 'id: 1\n\ndata: x\n\n', [event('x', '1')]),
    stream('without an event: an empty id still resets', 'id: 1\ndata: a\n\nid\n\ndata: b\n\n', [event('a', '1'), event('b', '')]),
    stream('a keep-alive that moves the id', 'id: 1\ndata: a\n\nid: 2\n:\n\n', [event('a', '1')], {
      comments: [''],
      lastEventId: '2',
    }),
    stream('only at the blank line', 'id: 1\ndata: a\n\nid: 2\n', [event('a', '1')], { lastEventId: '1' }),
  ),
  ...proves(
    'The buffer does not get reset, so the last event ID string remains set to this value until the next time it is set.',
    stream('over many events', 'id: 1\ndata: a\n\ndata: b\n\nevent: e\ndata: c\n\n', [
      event('a', '1'),
      event('b', '1'),
      event('c', '1', 'e'),
    ]),
    stream('over empty blocks', 'id: 1\ndata: a\n\n\n\n: c\n\ndata: b\n\n', [event('a', '1'), event('b', '1')], {
      comments: ['c'],
    }),
  ),
  ...proves(
    'If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.',
    stream('a type without data fires nothing', 'event: e\n\n', []),
    stream('a type without data is forgotten', 'event: e\n\ndata: x\n\n', [event('x')]),
    stream('retry without data fires nothing', 'retry: 1\n\n', [], { retries: [1] }),
    stream('an unknown field without data fires nothing', 'x: 1\n\n', []),
    stream('an empty data line is not no data', 'event: e\ndata:\n\n', [event('', '', 'e')]),
  ),
  ...proves(
    "If the data buffer's last character is an LF character, then remove the last character from the data buffer.",
    stream('one LF of one', 'data\n\n', [event('')]),
    stream('one LF of two', 'data\ndata\n\n', [event('\n')]),
    stream('one LF of three', 'data: a\ndata\ndata\n\n', [event('a\n\n')]),
  ),
  ...proves(
    "Initialize event's type attribute to \"message\", its data attribute to data, and its lastEventId attribute to the last event ID string.",
    stream('all three', 'id: 1\ndata: x\n\n', [{ type: 'message', data: 'x', lastEventId: '1' }]),
    stream('without an id', 'data: x\n\n', [{ type: 'message', data: 'x', lastEventId: '' }]),
  ),
  ...proves(
    'If the event type buffer has a value other than the empty string, change the type of the newly created event to it.',
    stream('a value', 'event: e\ndata: x\n\n', [event('x', '', 'e')]),
    stream('the empty string', 'event:\ndata: x\n\n', [event('x')]),
    stream('a value of one space', 'event:  \ndata: x\n\n', [event('x', '', ' ')]),
  ),
  ...proves(
    'Set the data buffer and the event type buffer to the empty string.',
    stream('the type does not stick', 'event: e\ndata: a\n\ndata: b\n\n', [event('a', '', 'e'), event('b')]),
    stream('the data does not stick', 'data: a\n\nevent: e\n\ndata: b\n\n', [event('a'), event('b')]),
  ),
  ...proves(
    'If an event doesn\'t have an "id" field, but an earlier event did set the last event ID string, then the event\'s ' +
      'lastEventId field will be set to the value of whatever the last seen "id" field was.',
    stream('the last seen, not the first', 'id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: c\n\n', [
      event('a', '1'),
      event('b', '2'),
      event('c', '2'),
    ]),
  ),
]
