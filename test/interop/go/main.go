// Runs producers and consumers of Apache's Go client for the interop driver: one JSON command a
// line on stdin, one JSON answer or event a line on stdout.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"strings"
	"sync"
	"time"

	rocketmq "github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
	"github.com/apache/rocketmq-client-go/v2/producer"
	"github.com/apache/rocketmq-client-go/v2/rlog"
)

type messageSpec struct {
	Body  string            `json:"body"`
	Tags  string            `json:"tags"`
	Keys  string            `json:"keys"`
	Shard string            `json:"shard"`
	Props map[string]string `json:"props"`
}

type command struct {
	ID           int           `json:"id"`
	Op           string        `json:"op"`
	Name         string        `json:"name"`
	Group        string        `json:"group"`
	Topic        string        `json:"topic"`
	How          string        `json:"how"`
	Messages     []messageSpec `json:"messages"`
	Expression   string        `json:"expression"`
	Ordered      bool          `json:"ordered"`
	Broadcast    bool          `json:"broadcast"`
	MaxReconsume *int32        `json:"maxReconsume"`
	Broker       string        `json:"broker"`
	QueueID      int           `json:"queueId"`
	Offset       int64         `json:"offset"`
	Max          int           `json:"max"`
}

type object = map[string]interface{}

type agent struct {
	namesrv   primitive.NamesrvAddr
	out       sync.Mutex
	mutex     sync.Mutex
	producers map[string]rocketmq.Producer
	consumers map[string]rocketmq.PushConsumer
	pullers   map[string]rocketmq.PullConsumer
}

func main() {
	rlog.SetLogLevel("warn")
	a := &agent{
		namesrv:   strings.Split(os.Args[1], ";"),
		producers: map[string]rocketmq.Producer{},
		consumers: map[string]rocketmq.PushConsumer{},
		pullers:   map[string]rocketmq.PullConsumer{},
	}
	a.emit(object{"event": "hello", "library": "rocketmq-client-go 2.1.2"})
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 16<<20)
	for input.Scan() {
		c := command{}
		if err := json.Unmarshal(input.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, "bad command:", err)
			os.Exit(1)
		}
		go a.answer(c)
	}
	os.Exit(0)
}

func (a *agent) emit(o object) {
	line, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	a.out.Lock()
	defer a.out.Unlock()
	os.Stdout.Write(append(line, '\n'))
}

func (a *agent) answer(c command) {
	reply, err := a.run(c)
	if err != nil {
		reply = object{"error": err.Error()}
	} else if reply == nil {
		reply = object{}
	}
	reply["id"] = c.ID
	a.emit(reply)
}

func (a *agent) run(c command) (object, error) {
	switch c.Op {
	case "producer-start":
		return nil, a.startProducer(c)
	case "producer-stop":
		a.mutex.Lock()
		p := a.producers[c.Name]
		delete(a.producers, c.Name)
		a.mutex.Unlock()
		return nil, p.Shutdown()
	case "send":
		return a.send(c)
	case "consumer-start":
		return nil, a.startConsumer(c)
	case "consumer-stop":
		a.mutex.Lock()
		p := a.consumers[c.Name]
		delete(a.consumers, c.Name)
		a.mutex.Unlock()
		return nil, p.Shutdown()
	case "pull":
		return a.pull(c)
	}
	return nil, fmt.Errorf("unknown op %s", c.Op)
}

// ---- sending

// Sends messages of one sharding key to one queue, the others round robin.
type shardSelector struct{ rest producer.QueueSelector }

func (s shardSelector) Select(m *primitive.Message, queues []*primitive.MessageQueue,
	lastBroker string) *primitive.MessageQueue {
	key := m.GetShardingKey()
	if key == "" {
		return s.rest.Select(m, queues, lastBroker)
	}
	hash := fnv.New32a()
	hash.Write([]byte(key))
	want := int(hash.Sum32() % uint32(len(queues)))
	for _, queue := range queues {
		if queue.QueueId == want {
			return queue
		}
	}
	return nil
}

func (a *agent) startProducer(c command) error {
	p, err := rocketmq.NewProducer(
		producer.WithNameServer(a.namesrv),
		producer.WithGroupName(c.Group),
		producer.WithInstanceName(c.Name),
		producer.WithRetry(2),
		producer.WithQueueSelector(shardSelector{producer.NewRoundRobinQueueSelector()}))
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	a.mutex.Lock()
	a.producers[c.Name] = p
	a.mutex.Unlock()
	return nil
}

func toMessage(topic string, spec messageSpec) *primitive.Message {
	m := primitive.NewMessage(topic, []byte(spec.Body))
	if spec.Tags != "" {
		m.WithTag(spec.Tags)
	}
	if spec.Keys != "" {
		m.WithKeys(strings.Split(spec.Keys, " "))
	}
	if spec.Shard != "" {
		m.WithShardingKey(spec.Shard)
	}
	for key, value := range spec.Props {
		m.WithProperty(key, value)
	}
	return m
}

func describeResult(r *primitive.SendResult) object {
	status := fmt.Sprint(r.Status)
	if r.Status == primitive.SendOK {
		status = "SEND_OK"
	}
	o := object{"status": status, "msgId": r.MsgID, "offsetMsgId": r.OffsetMsgID, "queueOffset": r.QueueOffset}
	if r.MessageQueue != nil {
		o["queueId"] = r.MessageQueue.QueueId
	}
	return o
}

func (a *agent) send(c command) (object, error) {
	a.mutex.Lock()
	p := a.producers[c.Name]
	a.mutex.Unlock()
	messages := []*primitive.Message{}
	for _, spec := range c.Messages {
		messages = append(messages, toMessage(c.Topic, spec))
	}
	ctx := context.Background()
	results := []object{}
	switch c.How {
	case "batch":
		result, err := p.SendSync(ctx, messages...)
		if err != nil {
			return nil, err
		}
		results = append(results, describeResult(result))
	case "async":
		return a.sendAsync(p, messages)
	default:
		for _, m := range messages {
			if c.How == "oneway" {
				if err := p.SendOneWay(ctx, m); err != nil {
					return nil, err
				}
				continue
			}
			result, err := p.SendSync(ctx, m)
			if err != nil {
				return nil, err
			}
			results = append(results, describeResult(result))
		}
	}
	return object{"results": results}, nil
}

func (a *agent) sendAsync(p rocketmq.Producer, messages []*primitive.Message) (object, error) {
	results := make([]object, len(messages))
	done := make(chan error, 2*len(messages))
	for i, m := range messages {
		at := i
		err := p.SendAsync(context.Background(), func(_ context.Context, r *primitive.SendResult, err error) {
			if err == nil {
				results[at] = describeResult(r)
			}
			done <- err
		}, m)
		if err != nil {
			return nil, err
		}
	}
	for range messages {
		select {
		case err := <-done:
			if err != nil {
				return nil, err
			}
		case <-time.After(30 * time.Second):
			return nil, fmt.Errorf("a callback never came")
		}
	}
	return object{"results": results}, nil
}

// ---- consuming

func describe(m *primitive.MessageExt) object {
	queue := -1
	if m.Queue != nil {
		queue = m.Queue.QueueId
	}
	return object{"topic": m.Topic, "body": string(m.Body), "msgId": m.MsgId, "queueId": queue,
		"queueOffset": m.QueueOffset, "reconsumeTimes": m.ReconsumeTimes, "tags": m.GetTags(),
		"keys": m.GetKeys(), "props": m.GetProperties()}
}

func (a *agent) startConsumer(c command) error {
	options := []consumer.Option{
		consumer.WithNameServer(a.namesrv),
		consumer.WithGroupName(c.Group),
		consumer.WithInstance(c.Name),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
		consumer.WithConsumerOrder(c.Ordered),
		consumer.WithConsumeGoroutineNums(4),
		// Without this a Go consumer whose queue was locked by another waits 20 s for its turn.
		consumer.WithRebalanceLockInterval(time.Second),
		consumer.WithSuspendCurrentQueueTimeMillis(time.Second),
	}
	if c.Broadcast {
		options = append(options, consumer.WithConsumerModel(consumer.BroadCasting))
	}
	if c.MaxReconsume != nil {
		options = append(options, consumer.WithMaxReconsumeTimes(*c.MaxReconsume))
	}
	p, err := rocketmq.NewPushConsumer(options...)
	if err != nil {
		return err
	}
	selector := consumer.MessageSelector{Type: consumer.TAG, Expression: c.Expression}
	err = p.Subscribe(c.Topic, selector, func(_ context.Context, messages ...*primitive.MessageExt) (
		consumer.ConsumeResult, error) {
		fails := false
		for _, m := range messages {
			event := describe(m)
			event["event"] = "message"
			event["consumer"] = c.Name
			a.emit(event)
			body := string(m.Body)
			fails = fails || strings.HasPrefix(body, "fail-always") ||
				strings.HasPrefix(body, "fail-once") && m.ReconsumeTimes == 0
		}
		if fails && c.Ordered {
			return consumer.SuspendCurrentQueueAMoment, nil
		} else if fails {
			return consumer.ConsumeRetryLater, nil
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	a.mutex.Lock()
	a.consumers[c.Name] = p
	a.mutex.Unlock()
	return p.Start()
}

// ---- pulling

func (a *agent) puller(c command) (rocketmq.PullConsumer, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if p := a.pullers[c.Group]; p != nil {
		return p, nil
	}
	p, err := rocketmq.NewPullConsumer(
		consumer.WithNameServer(a.namesrv),
		consumer.WithGroupName(c.Group),
		consumer.WithInstance("pull-"+c.Group))
	if err != nil {
		return nil, err
	}
	selector := consumer.MessageSelector{Type: consumer.TAG, Expression: c.Expression}
	if err := p.Subscribe(c.Topic, selector); err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	a.pullers[c.Group] = p
	return p, nil
}

func (a *agent) pull(c command) (object, error) {
	p, err := a.puller(c)
	if err != nil {
		return nil, err
	}
	queue := &primitive.MessageQueue{Topic: c.Topic, BrokerName: c.Broker, QueueId: c.QueueID}
	result, err := p.PullFrom(context.Background(), queue, c.Offset, c.Max)
	if err != nil {
		return nil, err
	}
	messages := []object{}
	for _, m := range result.GetMessageExts() {
		messages = append(messages, describe(m))
	}
	statuses := map[primitive.PullStatus]string{primitive.PullFound: "FOUND",
		primitive.PullNoNewMsg: "NO_NEW_MSG", primitive.PullNoMsgMatched: "NO_MATCHED_MSG",
		primitive.PullOffsetIllegal: "OFFSET_ILLEGAL"}
	return object{"status": statuses[result.Status], "nextOffset": result.NextBeginOffset,
		"messages": messages}, nil
}
