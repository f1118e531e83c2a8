// SPDX-License-Identifier: Apache-2.0

// What an API server says of an object: structural schema, defaults, CEL. Reads a file with a JSON
// list of {"crd": ..., "object": ...} and writes a JSON list of what is wrong with each. `crd` is
// the text of a CustomResourceDefinition, `object` the text of an object in YAML, or empty where
// only the CRD itself is asked about.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdvalidation "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apiservercel "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

type request struct {
	CRD    string `json:"crd"`
	Object string `json:"object"`
}

// A CRD, ready to judge objects of its kind.
type judge struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	cel        *cel.Validator
	problems   []string // of the CRD itself
}

func newJudge(text string) (*judge, error) {
	var v1 apiextensionsv1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict([]byte(text), &v1); err != nil {
		return nil, err
	}
	apiextensionsv1.SetDefaults_CustomResourceDefinition(&v1)
	apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&v1.Spec)
	var crd apiextensions.CustomResourceDefinition
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&v1, &crd, nil); err != nil {
		return nil, err
	}
	crd.Status.StoredVersions = []string{v1.Spec.Versions[0].Name}
	result := &judge{}
	// Compiles the CEL rules and adds up what they may cost.
	for _, problem := range crdvalidation.ValidateCustomResourceDefinition(context.Background(), &crd) {
		result.problems = append(result.problems, problem.Error())
	}
	var internal apiextensions.CustomResourceValidation
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(v1.Spec.Versions[0].Schema, &internal, nil); err != nil {
		return nil, err
	}
	var err error
	if result.structural, err = schema.NewStructural(internal.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	if result.validator, _, err = validation.NewSchemaValidator(internal.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	result.cel = cel.NewValidator(result.structural, true, apiservercel.PerCallLimit)
	return result, nil
}

func (j *judge) judge(text string) []string {
	problems := []string{}
	var object map[string]interface{}
	if err := yaml.UnmarshalStrict([]byte(text), &object); err != nil {
		return append(problems, err.Error())
	}
	// Unknown fields are refused, as with fieldValidation=Strict.
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(object, j.structural, true, options) {
		problems = append(problems, "unknown field "+path)
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object, j.structural)
	defaulting.Default(object, j.structural)
	var errs field.ErrorList
	errs = append(errs, validation.ValidateCustomResource(nil, object, j.validator)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, j.structural, object)...)
	if len(errs) == 0 { // as the API server does: CEL relies on the types
		celErrs, _ := j.cel.Validate(context.Background(), nil, j.structural, object, nil, apiservercel.RuntimeCELCostBudget)
		errs = append(errs, celErrs...)
	}
	for _, err := range errs {
		problems = append(problems, err.Error())
	}
	return problems
}

func run() error {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	var requests []request
	if err := json.Unmarshal(text, &requests); err != nil {
		return err
	}
	judges := map[string]*judge{}
	answers := [][]string{}
	for _, r := range requests {
		j, known := judges[r.CRD]
		if !known {
			var err error
			if j, err = newJudge(r.CRD); err != nil {
				return err
			}
			judges[r.CRD] = j
		}
		if r.Object == "" { // only the CRD is asked about
			answers = append(answers, append([]string{}, j.problems...))
			continue
		}
		answers = append(answers, j.judge(r.Object))
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
