// What `docker compose … config` makes of some files, asked of compose-go alone: its words are docker compose's.
//
// The project is loaded with the options, and in the order, of docker compose's own LoadProject, and go.mod has the
// version of go-connections that docker compose has, because an older one does not know IPv6. One difference is meant:
// an option that is not known here ends the program with the exit code 99, so that no answer is a guess.
// `schema` prints the JSON schema that compose-go has inside.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/sirupsen/logrus"
)

// misuse is the exit code for a command line that this program does not understand.
const misuse = 99

// question is the command line, taken apart.
type question struct {
	files, profiles, envFiles, services []string
	name, directory, format             string
	flags                               map[string]bool
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "schema" {
		fmt.Print(schema.Schema)
		return
	}
	logrus.SetOutput(os.Stderr)
	dotenv.RegisterFormat("raw", raw)
	asked, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(misuse)
	}
	text, err := answer(asked)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(text)
}

// raw reads env files of the format that docker compose adds to compose-go's own: lines as they are.
func raw(file io.Reader, name string, variables map[string]string, lookup func(string) (string, bool)) error {
	lines, err := kvfile.ParseFromReader(file, lookup)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, line := range lines {
		key, value, _ := strings.Cut(line, "=")
		variables[key] = value
	}
	return nil
}

func parse(words []string) (*question, error) {
	asked := &question{format: "yaml", flags: map[string]bool{}}
	if listed := os.Getenv("COMPOSE_ENV_FILES"); listed != "" {
		asked.envFiles = strings.FieldsFunc(listed, func(letter rune) bool { return letter == ',' })
	}
	lists := map[string]*[]string{"--file": &asked.files, "--profile": &asked.profiles, "--env-file": &asked.envFiles}
	texts := map[string]*string{
		"--project-name": &asked.name, "--project-directory": &asked.directory, "--format": &asked.format,
	}
	said := map[string]bool{}
	command := false
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		list, text := lists[word], texts[word]
		switch {
		case (list != nil || text != nil) && len(words) == 0:
			return nil, fmt.Errorf("%s: a value is missing", word)
		case list != nil:
			if !said[word] {
				*list = nil
			}
			said[word] = true
			*list = append(*list, words[0])
			words = words[1:]
		case text != nil:
			*text = words[0]
			words = words[1:]
		case word == "config" && !command:
			command = true
		case command && known[word]:
			asked.flags[word] = true
		case command && !strings.HasPrefix(word, "-"):
			asked.services = append(asked.services, word)
		default:
			return nil, fmt.Errorf("%s: not known here", word)
		}
	}
	return asked, nil
}

var known = map[string]bool{
	"--no-normalize": true, "--no-path-resolution": true, "--no-consistency": true, "--no-env-resolution": true,
}

func answer(asked *question) ([]byte, error) {
	options, err := cli.NewProjectOptions(asked.files, steps(asked)...)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	if project.Name == "" {
		return nil, errors.New("the project has no name")
	}
	if project, err = project.WithServicesEnabled(asked.services...); err != nil {
		return nil, err
	}
	if project, err = project.WithSelectedServices(asked.services); err != nil {
		return nil, err
	}
	project = project.WithoutUnnecessaryResources()
	if !asked.flags["--no-env-resolution"] {
		if project, err = project.WithServicesEnvironmentResolved(true); err != nil {
			return nil, err
		}
	}
	if !asked.flags["--no-consistency"] {
		if err = project.CheckContainerNameUnicity(); err != nil {
			return nil, err
		}
	}
	text, err := print(project, asked.format)
	return bytes.ReplaceAll(text, []byte("$"), []byte("$$")), err
}

// steps are the options in docker compose's order, in which some matter, and some come twice.
func steps(asked *question) []cli.ProjectOptionsFn {
	chosen := []cli.ProjectOptionsFn{
		cli.WithResolvedPaths(!asked.flags["--no-path-resolution"]),
		cli.WithNormalization(!asked.flags["--no-normalize"]),
		cli.WithConsistency(!asked.flags["--no-consistency"]),
		cli.WithDefaultProfiles(asked.profiles...),
		cli.WithDiscardEnvFile,
	}
	if asked.flags["--no-env-resolution"] {
		chosen = append(chosen, cli.WithoutEnvironmentResolution)
	}
	chosen = append(chosen, cli.WithWorkingDirectory(asked.directory), cli.WithOsEnv)
	if _, said := os.LookupEnv("PWD"); !said {
		if here, err := os.Getwd(); err == nil {
			chosen = append(chosen, cli.WithEnv([]string{"PWD=" + here}))
		}
	}
	// The env files are looked for before the compose files, for COMPOSE_FILE, and again beside them.
	return append(chosen,
		cli.WithEnvFiles(asked.envFiles...), cli.WithDotEnv, cli.WithConfigFileEnv, cli.WithDefaultConfigPath,
		cli.WithEnvFiles(asked.envFiles...), cli.WithDotEnv,
		cli.WithDefaultProfiles(asked.profiles...), cli.WithName(asked.name))
}

func print(project *types.Project, format string) ([]byte, error) {
	if format == "json" {
		return project.MarshalJSON()
	}
	return project.MarshalYAML()
}
