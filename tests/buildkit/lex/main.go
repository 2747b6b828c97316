// Answers of BuildKit's own lexer and parser, for tests: one question a line on standard input, one answer a line.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sort"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type question struct {
	Do                string // word, words, heredoc, line (the words of a line as the parser splits it) or parse
	Text              string
	Env               []string // name=value
	Escape            string
	RawQuotes         bool
	RawEscapes        bool
	SkipUnsetEnv      bool
	SkipProcessQuotes bool
}

type heredoc struct {
	Name       string
	Descriptor uint64
	Expand     bool
	Chomp      bool
	Content    string
}

type answer struct {
	Error     string
	Word      string
	Words     []string
	Matched   []string
	Unmatched []string
	Heredocs  []heredoc
}

func keys(set map[string]struct{}) []string {
	names := []string{}
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func told(doc parser.Heredoc) heredoc {
	return heredoc{doc.Name, uint64(doc.FileDescriptor), doc.Expand, doc.Chomp, doc.Content}
}

func (q question) answered() (answer, error) {
	result := answer{Words: []string{}, Matched: []string{}, Unmatched: []string{}, Heredocs: []heredoc{}}
	env := shell.EnvsFromSlice(q.Env)
	lex := shell.NewLex([]rune(q.Escape)[0])
	lex.RawQuotes, lex.RawEscapes = q.RawQuotes, q.RawEscapes
	lex.SkipUnsetEnv, lex.SkipProcessQuotes = q.SkipUnsetEnv, q.SkipProcessQuotes

	var err error
	switch q.Do {
	case "word":
		var found shell.ProcessWordResult
		found, err = lex.ProcessWordWithMatches(q.Text, env)
		result.Word, result.Matched, result.Unmatched = found.Result, keys(found.Matched), keys(found.Unmatched)
	case "words":
		result.Words, err = lex.ProcessWords(q.Text, env)
	case "heredoc":
		var found *parser.Heredoc
		found, err = parser.ParseHeredoc(q.Text)
		if found != nil {
			result.Heredocs = append(result.Heredocs, told(*found))
		}
	case "parse":
		var tree *parser.Result
		tree, err = parser.Parse(strings.NewReader(q.Text))
		if err == nil {
			for _, doc := range tree.AST.Children[0].Heredocs {
				result.Heredocs = append(result.Heredocs, told(doc))
			}
		}
	default:
		panic("no such question: " + q.Do)
	}
	return result, err
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		result, err := q.answered()
		if err != nil {
			result.Error = err.Error()
		}
		if err := out.Encode(result); err != nil {
			panic(err)
		}
	}
}
