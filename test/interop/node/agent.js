'use strict';

// Runs producers and consumers of ali-ons for the interop driver: one JSON command a line on
// stdin, one JSON answer or event a line on stdout.

const readline = require('readline');
const { Consumer, Producer, Message } = require('ali-ons');

const SHORT_INTERVAL_MS = 1000;
const nameSrv = process.argv[2].split(';');
const producers = new Map();
const consumers = new Map();

const silent = () => {};
const logger = {
  debug: silent, info: silent,
  warn: (...args) => console.error('WARN', ...args),
  error: (...args) => console.error('ERROR', ...args),
};

function emit(object) {
  process.stdout.write(JSON.stringify(object) + '\n');
}

function options(extra) {
  return {
    httpclient: { request: () => Promise.reject(new Error('no HTTP name server list is used')) },
    nameSrv,
    logger,
    clientIP: '127.0.0.1',
    pollNameServerInteval: SHORT_INTERVAL_MS,
    heartbeatBrokerInterval: SHORT_INTERVAL_MS,
    persistConsumerOffsetInterval: SHORT_INTERVAL_MS,
    rebalanceInterval: SHORT_INTERVAL_MS,
    ...extra,
  };
}

async function startProducer({ name, group }) {
  const producer = new Producer(options({ producerGroup: group, instanceName: name }));
  producer.on('error', err => console.error('producer', name, err));
  await producer.ready();
  producers.set(name, producer);
}

function message(topic, spec) {
  const result = new Message(topic, spec.tags || '', spec.body);
  if (spec.keys) result.keys = spec.keys.split(' ');
  if (spec.shard) result.shardingKey = spec.shard;
  Object.assign(result.properties, spec.props);
  return result;
}

function describeResult(result) {
  return {
    status: result.sendStatus,
    msgId: result.msgId,
    offsetMsgId: result.offsetMsgId,
    queueId: Number(result.messageQueue.queueId),
    queueOffset: Number(result.queueOffset),
  };
}

async function send({ name, how, topic, messages }) {
  const producer = producers.get(name);
  const ready = messages.map(spec => message(topic, spec));
  if (how === 'async') {
    return { results: (await Promise.all(ready.map(m => producer.send(m)))).map(describeResult) };
  }
  const results = [];
  for (const m of ready) results.push(describeResult(await producer.send(m)));
  return { results };
}

async function startConsumer({ name, group, topic, expression, broadcast, maxReconsume }) {
  const extra = { consumerGroup: group, instanceName: name, isBroadcast: !!broadcast };
  extra.consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET';
  if (maxReconsume !== undefined) extra.maxReconsumeTimes = maxReconsume;
  const consumer = new Consumer(options(extra));
  consumer.on('error', err => console.error('consumer', name, err.message));
  consumers.set(name, consumer);
  consumer.subscribe(topic, expression, async msg => {
    const body = msg.body.toString();
    emit({
      event: 'message', consumer: name, topic: msg.topic, body, msgId: msg.msgId,
      queueId: msg.queueId, queueOffset: Number(msg.queueOffset), reconsumeTimes: msg.reconsumeTimes,
      tags: msg.tags, keys: msg.keys, props: msg.properties,
    });
    // A thrown error, not ACTION_RETRY: the library drops that value for messages of a retry topic.
    if (body.startsWith('fail-always') || body.startsWith('fail-once') && msg.reconsumeTimes === 0) {
      throw new Error('refused by the scenario');
    }
  });
  await consumer.ready();
}

async function run(command) {
  switch (command.op) {
    case 'producer-start': return startProducer(command);
    case 'producer-stop': {
      const producer = producers.get(command.name);
      producers.delete(command.name);
      return producer.close();
    }
    case 'send': return send(command);
    case 'consumer-start': return startConsumer(command);
    case 'consumer-stop': {
      const consumer = consumers.get(command.name);
      consumers.delete(command.name);
      return consumer.close();
    }
    default: throw new Error(`unknown op ${command.op}`);
  }
}

emit({ event: 'hello', library: `ali-ons ${require('ali-ons/package.json').version}` });
const input = readline.createInterface({ input: process.stdin });
input.on('line', async line => {
  const command = JSON.parse(line);
  try {
    emit({ ...(await run(command)), id: command.id });
  } catch (err) {
    console.error(err);
    emit({ id: command.id, error: String(err) });
  }
});
input.on('close', () => process.exit(0));
process.on('unhandledRejection', err => console.error('unhandled', err));
