package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
)

// Warning is one of a rule, with the first and the last line that it is about.
type Warning struct {
	Rule    string `json:"rule"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Message string `json:"message"`
}

// lint does what `docker build --check` does; an error is one of the question, not of the file.
func lint(question *Question, content []byte, reply *Answer) error {
	stand, err := newEngine(question, content)
	if err != nil {
		return err
	}
	client, err := dockerui.NewClient(stand)
	if err != nil {
		return err
	}
	ctx := context.Background()
	source, err := client.ReadEntrypoint(ctx, "Dockerfile")
	if err != nil {
		reply.Error = problem(err)
		return nil
	}
	if question.Experimental {
		client.LinterConfig = everything(source.Data)
	}
	options := dockerfile2llb.ConvertOpt{
		Config: client.Config, Client: client, SourceMap: source.SourceMap, MetaResolver: stand,
	}
	if question.For != "" {
		platform, err := platforms.Parse(question.For)
		if err != nil {
			return err
		}
		options.TargetPlatform = &platform
	}
	results, err := dockerfile2llb.DockerfileLint(ctx, source.Data, options)
	if err != nil {
		return err
	}
	for _, warning := range results.Warnings {
		start, end := lines(warning.Location.GetRanges())
		reply.Warnings = append(reply.Warnings, Warning{warning.RuleName, start, end, warning.Detail})
	}
	// Some are found by walking a map: their order is that of chance.
	slices.SortStableFunc(reply.Warnings, func(left, right Warning) int {
		return cmp.Or(
			cmp.Compare(left.Start, right.Start), cmp.Compare(left.Rule, right.Rule), cmp.Compare(left.Message, right.Message),
		)
	})
	if results.Error != nil {
		start, end := lines(results.Error.Location.Ranges)
		reply.Error = &Problem{results.Error.Message, start, end}
	}
	return nil
}

// everything is the file's own `# check=`, and all experimental rules.
func everything(content []byte) *linter.Config {
	text, _, _, _ := parser.ParseDirective("check", content)
	config, err := linter.ParseLintOptions(text)
	if err != nil {
		return nil // the linter reads the line again, and says what is wrong
	}
	config.ExperimentalAll = true
	return config
}

func lines(ranges []*pb.Range) (int, int) {
	if len(ranges) == 0 {
		return 0, 0
	}
	return int(ranges[0].Start.Line), int(ranges[len(ranges)-1].End.Line)
}
