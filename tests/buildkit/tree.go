package main

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Parsed is what BuildKit's parser makes of a file, which knows nothing yet of what an instruction may say.
type Parsed struct {
	Error        *Problem      `json:"error"`
	Faulty       *Problem      `json:"faulty"` // the first instruction that says what none may say
	Dump         string        `json:"dump"`
	Escape       string        `json:"escape"`
	Instructions []Instruction `json:"instructions"`
	Warnings     []Problem     `json:"warnings"`
}

// Instruction is one node below the root. Texts that may be no UTF-8 are bytes, which JSON has in base64.
type Instruction struct {
	Keyword  []byte    `json:"keyword"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Joined   []byte    `json:"joined"` // the continued lines as one
	Flags    [][]byte  `json:"flags"`
	JSON     bool      `json:"json"`
	Comments [][]byte  `json:"comments"` // those above it
	Heredocs []Heredoc `json:"heredocs"`
}

// Heredoc is the document of one `<<` word.
type Heredoc struct {
	Name       string `json:"name"`
	Descriptor uint   `json:"descriptor"`
	Expand     bool   `json:"expand"`
	Chomp      bool   `json:"chomp"`
	Body       []byte `json:"body"`
}

func parse(content []byte) *Parsed {
	result, err := parser.Parse(bytes.NewReader(content))
	if err != nil {
		return &Parsed{Error: problem(err)}
	}
	parsed := &Parsed{Dump: result.AST.Dump(), Escape: string(result.EscapeToken)}
	if _, _, err := instructions.Parse(result.AST, linter.New(&linter.Config{})); err != nil {
		parsed.Faulty = problem(err)
	}
	for _, node := range result.AST.Children {
		instruction := Instruction{
			Keyword:  []byte(node.Value),
			Start:    node.StartLine,
			End:      node.EndLine,
			Joined:   []byte(node.Original),
			Flags:    encoded(node.Flags),
			JSON:     node.Attributes["json"],
			Comments: encoded(node.PrevComment),
		}
		for _, heredoc := range node.Heredocs {
			instruction.Heredocs = append(instruction.Heredocs, Heredoc{
				Name:       heredoc.Name,
				Descriptor: heredoc.FileDescriptor,
				Expand:     heredoc.Expand,
				Chomp:      heredoc.Chomp,
				Body:       []byte(heredoc.Content),
			})
		}
		parsed.Instructions = append(parsed.Instructions, instruction)
	}
	for _, warning := range result.Warnings {
		line := warning.Location.Start.Line
		parsed.Warnings = append(parsed.Warnings, Problem{warning.Short, line, line})
	}
	return parsed
}

func encoded(texts []string) [][]byte {
	found := make([][]byte, len(texts))
	for at, text := range texts {
		found[at] = []byte(text)
	}
	return found
}

// problem is an error of the parser in our form.
func problem(err error) *Problem {
	found := &Problem{Message: err.Error()}
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 {
		if ranges := located.Locations[0]; len(ranges) > 0 {
			found.Start, found.End = ranges[0].Start.Line, ranges[len(ranges)-1].End.Line
		}
	}
	return found
}

// Expanded is a word with its variables replaced, and the words that it would be split into where it may be.
type Expanded struct {
	Text      string   `json:"text"`
	Matched   []string `json:"matched"`
	Unmatched []string `json:"unmatched"`
	Error     string   `json:"error"`
	Words     []string `json:"words"`
	WordsFail string   `json:"words_error"`
}

func expand(question *Question) *Expanded {
	escape, pairs := '\\', []string{}
	for name, value := range question.Env {
		pairs = append(pairs, name+"="+value)
	}
	if question.Escape != "" {
		escape, _, _ = strings.NewReader(question.Escape).ReadRune()
	}
	environment := shell.EnvsFromSlice(pairs)
	found := &Expanded{}
	result, err := shell.NewLex(escape).ProcessWordWithMatches(*question.Word, environment)
	if err != nil {
		found.Error = err.Error()
	}
	found.Text = result.Result
	found.Matched = slices.Sorted(maps.Keys(result.Matched))
	found.Unmatched = slices.Sorted(maps.Keys(result.Unmatched))
	if found.Words, err = shell.NewLex(escape).ProcessWords(*question.Word, environment); err != nil {
		found.WordsFail = err.Error()
	}
	return found
}
