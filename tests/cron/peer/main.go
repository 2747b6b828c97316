// The moments that robfig/cron v3 finds, which is what Kubernetes' CronJob controller runs on.
//
// Reads one question a line: {"line", "zone", "at" (nanoseconds since 1970), "count"}; writes one answer a line:
// {"refused": why} or {"moments": seconds since 1970, in order; short where there is none}. A search that does not
// come back is answered {"hangs": true}, and the program ends: what never returns cannot be stopped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/robfig/cron/v3"
)

type question struct {
	Line  string `json:"line"`
	Zone  string `json:"zone"`
	At    int64  `json:"at"`
	Count int    `json:"count"`
}

type answer struct {
	Refused string  `json:"refused,omitempty"`
	Moments []int64 `json:"moments"`
	Hangs   bool    `json:"hangs,omitempty"`
}

const patience = 5 * time.Second

func parse(line string) (schedule cron.Schedule, err error) {
	defer func() {
		// A line of "TZ=UTC" alone is a panic, which an API server makes an error of.
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("panic: %v", trouble)
		}
	}()
	return cron.ParseStandard(line)
}

func answered(asked question) answer {
	schedule, err := parse(asked.Line)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	zone, err := time.LoadLocation(asked.Zone)
	if err != nil {
		panic(err)
	}
	moments := []int64{}
	at := time.Unix(0, asked.At).In(zone)
	for len(moments) < asked.Count {
		if at = schedule.Next(at); at.IsZero() {
			break
		}
		moments = append(moments, at.Unix())
	}
	return answer{Moments: moments}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		done := make(chan answer, 1)
		go func() { done <- answered(asked) }()
		select {
		case found := <-done:
			out.Encode(found)
		case <-time.After(patience):
			out.Encode(answer{Hangs: true})
			return
		}
	}
}
