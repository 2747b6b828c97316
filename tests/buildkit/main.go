// The real BuildKit, asked about Dockerfiles: is one valid, what does its linter say, how does its parser see it.
//
// A line of JSON in is a question, a line of JSON out its answer, in the same order; one process answers thousands.
// No daemon and no network: `engine.go` stands in for what BuildKit would ask. `oracle.py` is the other end.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// Question is about a Dockerfile (one of Path, Content, Base64), or about a Word that has variables in it.
type Question struct {
	Path    string  `json:"path"`
	Content *string `json:"content"`
	Base64  []byte  `json:"base64"` // for bytes that are not UTF-8

	Name     string            `json:"name"`     // of the Dockerfile in the build context; "Dockerfile" if empty
	Files    map[string]string `json:"files"`    // of the build context: .dockerignore, NAME.dockerignore
	Platform string            `json:"platform"` // of the builder; linux/amd64 if empty
	Target   string            `json:"target"`   // as docker build --target
	For      string            `json:"for"`      // as docker build --platform
	Args     map[string]string `json:"args"`     // as docker build --build-arg
	// Images are the configurations of base images, in the OCI notation, by the name as FROM has it.
	Images       map[string]json.RawMessage `json:"images"`
	Experimental bool                       `json:"experimental"` // as `# check=experimental=all`
	Only         string                     `json:"only"`         // "parse" or "lint": the other half is left out

	Word   *string           `json:"word"`
	Env    map[string]string `json:"env"`
	Escape string            `json:"escape"`
}

// Problem is an error, with the lines of the first place that it names (0 if it names none).
type Problem struct {
	Message string `json:"message"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
}

// Answer has the verdict of the linter, which is that of a build up to the first RUN, and what the parser made.
type Answer struct {
	Error    *Problem  `json:"error"`
	Warnings []Warning `json:"warnings"`
	Parsed   *Parsed   `json:"parsed"`
	Expanded *Expanded `json:"expanded,omitempty"`
	Crash    string    `json:"crash,omitempty"` // a panic inside BuildKit
	Misuse   string    `json:"misuse,omitempty"`
}

func answer(question *Question) (reply Answer) {
	defer func() {
		if failure := recover(); failure != nil {
			reply = Answer{Crash: fmt.Sprintf("%v\n%s", failure, debug.Stack())}
		}
	}()
	if question.Word != nil {
		return Answer{Expanded: expand(question)}
	}
	content := question.Base64
	if question.Content != nil {
		content = []byte(*question.Content)
	} else if question.Path != "" {
		var err error
		if content, err = os.ReadFile(question.Path); err != nil {
			return Answer{Misuse: err.Error()}
		}
	}
	if question.Only != "parse" {
		if err := lint(question, content, &reply); err != nil {
			return Answer{Misuse: err.Error()}
		}
	}
	if question.Only != "lint" {
		reply.Parsed = parse(content)
	}
	return reply
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriter(os.Stdout)
	printer := json.NewEncoder(out)
	printer.SetEscapeHTML(false)
	for {
		line, err := in.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			question, reply := Question{}, Answer{}
			if broken := json.Unmarshal([]byte(line), &question); broken != nil {
				reply.Misuse = broken.Error()
			} else {
				reply = answer(&question)
			}
			if broken := printer.Encode(reply); broken != nil {
				os.Exit(1)
			}
		}
		// Whoever waits for an answer has sent no further question yet.
		if in.Buffered() == 0 && out.Flush() != nil {
			os.Exit(1)
		}
		if err != nil {
			return
		}
	}
}
