// Reads scripts as JSON strings, one a line, and says for each what commands mvdan.cc/sh finds in it, as one line of
// JSON: an error, or the ranges of all commands and their words in bytes. It is the peer of grammar/shell in tests.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sort"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

type command struct {
	Kind    string   `json:"kind"`
	Assigns [][2]int `json:"assigns"`
	Words   [][2]int `json:"words"`
}

type answer struct {
	Error    string    `json:"error"`
	At       int       `json:"at"`
	Commands []command `json:"commands"`
}

func span(node syntax.Node) [2]int {
	return [2]int{int(node.Pos().Offset()), int(node.End().Offset())}
}

// leftmost is the command that `time` or `coproc` stands before, if it stands before one.
func leftmost(stmt *syntax.Stmt) syntax.Node {
	for stmt != nil {
		switch cmd := stmt.Cmd.(type) {
		case *syntax.CallExpr, *syntax.DeclClause:
			return cmd
		case *syntax.BinaryCmd:
			stmt = cmd.X
		default:
			return nil
		}
	}
	return nil
}

type collector struct {
	before   map[syntax.Node][][2]int
	commands []command
}

func (c *collector) add(kind string, assigns, words [][2]int) {
	c.commands = append(c.commands, command{kind, assigns, words})
}

func (c *collector) visit(node syntax.Node) bool {
	switch cmd := node.(type) {
	case *syntax.CallExpr:
		words, assigns := c.before[cmd], [][2]int{}
		for _, assign := range cmd.Assigns {
			if words != nil {
				words = append(words, span(assign))
			} else {
				assigns = append(assigns, span(assign))
			}
		}
		for _, word := range cmd.Args {
			words = append(words, span(word))
		}
		c.add("call", assigns, words)
	case *syntax.DeclClause:
		words := append(c.before[cmd], span(cmd.Variant))
		for _, word := range cmd.Args {
			words = append(words, span(word))
		}
		c.add("call", nil, words)
	case *syntax.LetClause:
		start := int(cmd.Pos().Offset())
		c.add("let", nil, [][2]int{{start, start + 3}})
	case *syntax.TestClause:
		start := int(cmd.Pos().Offset())
		c.add("test", nil, [][2]int{{start, start + 2}})
	case *syntax.TimeClause:
		start := int(cmd.Time.Offset())
		words := [][2]int{{start, start + 4}}
		if call := leftmost(cmd.Stmt); call != nil {
			c.before[call] = words
		} else if cmd.Stmt == nil || cmd.Stmt.Cmd == nil {
			c.add("call", nil, words)
		}
	case *syntax.CoprocClause:
		start := int(cmd.Coproc.Offset())
		if call := leftmost(cmd.Stmt); call != nil {
			c.before[call] = [][2]int{{start, start + 6}}
		}
	}
	return true
}

func ask(script string) answer {
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.KeepComments(false))
	file, err := parser.Parse(strings.NewReader(script), "")
	if err != nil {
		at := -1
		if parse, ok := err.(syntax.ParseError); ok {
			at = int(parse.Pos.Offset())
		}
		return answer{Error: err.Error(), At: at}
	}
	c := &collector{before: map[syntax.Node][][2]int{}}
	syntax.Walk(file, func(node syntax.Node) bool {
		if node == nil {
			return false
		}
		return c.visit(node)
	})
	sort.SliceStable(c.commands, func(i, j int) bool {
		return first(c.commands[i]) < first(c.commands[j])
	})
	return answer{Commands: c.commands, At: -1}
}

func first(c command) int {
	start := -1
	for _, spans := range [][][2]int{c.Words, c.Assigns} {
		if len(spans) > 0 && (start < 0 || spans[0][0] < start) {
			start = spans[0][0]
		}
	}
	return start
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	decoder := json.NewDecoder(input)
	for decoder.More() {
		var script string
		if err := decoder.Decode(&script); err != nil {
			panic(err)
		}
		if err := encoder.Encode(ask(script)); err != nil {
			panic(err)
		}
	}
}
