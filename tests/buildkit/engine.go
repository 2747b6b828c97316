package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"path"

	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/gateway/client"
	gateway "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	oci "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/tonistiigi/fsutil/types"
)

// engine stands in for the daemon: its build context is the question's, and every image exists, for the platform that
// is asked for, unless the question describes it. What a linter never asks of a daemon is left to the nil Client.
type engine struct {
	client.Client
	files  *folder
	images map[string]json.RawMessage
	facts  client.BuildOpts
}

func newEngine(question *Question, content []byte) (*engine, error) {
	name, builder := question.Name, question.Platform
	if name == "" {
		name = "Dockerfile"
	}
	if builder == "" {
		builder = "linux/amd64"
	}
	platform, err := platforms.Parse(builder)
	if err != nil {
		return nil, err
	}
	stand := &engine{files: &folder{files: map[string][]byte{}}, images: map[string]json.RawMessage{}}
	for file, text := range question.Files {
		stand.files.files[path.Clean(file)] = []byte(text)
	}
	stand.files.files[path.Clean(name)] = content
	for image, config := range question.Images {
		ref, err := reference.ParseNormalizedNamed(image)
		if err != nil {
			return nil, err
		}
		stand.images[reference.TagNameOnly(ref).String()] = config
	}
	options := map[string]string{"filename": name}
	if question.Target != "" {
		options["target"] = question.Target
	}
	for argument, value := range question.Args {
		options["build-arg:"+argument] = value
	}
	stand.facts = client.BuildOpts{
		Opts:    options,
		Workers: []client.WorkerInfo{{Platforms: []oci.Platform{platform}}},
		LLBCaps: pb.Caps.CapSet(pb.Caps.All()),
		Caps:    gateway.Caps.CapSet(gateway.Caps.All()),
	}
	return stand, nil
}

func (stand *engine) BuildOpts() client.BuildOpts {
	return stand.facts
}

func (stand *engine) Inputs(context.Context) (map[string]llb.State, error) {
	return nil, nil
}

// Solve is how a frontend gets at files: whatever it asks for, it is the build context.
func (stand *engine) Solve(context.Context, client.SolveRequest) (*client.Result, error) {
	result := client.NewResult()
	result.SetRef(stand.files)
	return result, nil
}

func (stand *engine) ResolveSourceMetadata(
	context.Context, *pb.SourceOp, sourceresolver.Opt,
) (*sourceresolver.MetaResponse, error) {
	return nil, fs.ErrNotExist
}

// ResolveImageConfig answers with an image that has a PATH and a layer: one without layers would count as scratch.
func (stand *engine) ResolveImageConfig(
	_ context.Context, ref string, option sourceresolver.Opt,
) (string, digest.Digest, []byte, error) {
	config := oci.Image{RootFS: oci.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromString(ref)}}}
	config.Config.Env = []string{"PATH=/usr/bin"}
	if option.ImageOpt != nil && option.ImageOpt.Platform != nil {
		config.Platform = *option.ImageOpt.Platform
	}
	if described, ok := stand.images[ref]; ok {
		if err := json.Unmarshal(described, &config); err != nil {
			return "", "", nil, err
		}
	}
	content, err := json.Marshal(config)
	return ref, digest.FromBytes(content), content, err
}

// folder holds the files of the build context by their names.
type folder struct {
	client.Reference
	files map[string][]byte
}

func (held *folder) StatFile(_ context.Context, request client.StatRequest) (*types.Stat, error) {
	content, ok := held.files[path.Clean(request.Path)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return &types.Stat{Path: request.Path, Size: int64(len(content))}, nil
}

func (held *folder) ReadFile(_ context.Context, request client.ReadRequest) ([]byte, error) {
	content, ok := held.files[path.Clean(request.Filename)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	if request.Range != nil {
		start := min(request.Range.Offset, len(content))
		content = content[start:min(start+request.Range.Length, len(content))]
	}
	return content, nil
}
