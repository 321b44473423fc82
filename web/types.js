/**
 * Writes the TypeScript types of the OpenAPI document that comes in on standard input to standard output.
 *
 * `./dev web types` calls it. Only the shapes are written, not the paths: what is asked for where is said by the
 * modules that ask. JSON without a shape of its own becomes Json and JsonObject, which keep it JSON.
 */
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const SHAPES = ["$ref", "patternProperties", "type", "enum", "const", "anyOf", "oneOf", "allOf", "properties"];
const WORDS = ["title", "description", "examples"];
const HEADER = "/** The API's shapes, made from its OpenAPI document. Not written by hand: `./dev web types` makes it. */\n";

const named = (name) => ts.factory.createTypeReferenceNode(name);

/** Json for a schema that allows anything, JsonObject for one that allows any object, nothing for the others. */
function free(schema) {
  if (!SHAPES.some((name) => name in schema)) return named("Json");
  const open = schema.additionalProperties === undefined || schema.additionalProperties === true;
  return schema.type === "object" && open && !("properties" in schema || "patternProperties" in schema) ? named("JsonObject") : undefined;
}

/** The schemas without words, so that the types change with the shapes only; what they mean is in the document. */
function wordless(value, isNames = false) {
  if (Array.isArray(value)) return value.map((each) => wordless(each));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([name]) => isNames || !WORDS.includes(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, wordless(part, name === "properties" && !isNames)]));
}

const document = JSON.parse(await text(process.stdin));
const shapes = { openapi: document.openapi, info: document.info, components: { schemas: wordless(document.components.schemas, true) } };
/** The tree with Json where anything may stand: `transform` is not asked for what stands in tuples and maps. */
function known(nodes) {
  const visit = (context) => (node) => node.kind === ts.SyntaxKind.UnknownKeyword ? named("Json") : ts.visitEachChild(node, visit(context), context);
  return ts.transform(nodes, [(context) => visit(context)]).transformed;
}

const tree = await openapiTS(shapes, {
  transform: free,
  inject: 'import type { Json, JsonObject } from "./json";\n',
  defaultNonNullable: false,
  silent: true,
});
process.stdout.write(HEADER + astToString(known(tree)));
