import ts from 'typescript'

/** One small mistake in one file. */
export interface Mutant {
  readonly file: string
  readonly line: number
  readonly from: number
  readonly to: number
  readonly was: string
  readonly is: string
}

/** What an operator may be mistaken for. */
const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
}

/** Every mistake that can be made in a file, one at a time. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const mutants: Mutant[] = []
  const add = (node: ts.Node, is: string) => {
    const from = node.getStart(source)
    const line = source.getLineAndCharacterOfPosition(from).line + 1
    mutants.push({ file, line, from, to: node.end, was: text.slice(from, node.end), is })
  }

  function visit(node: ts.Node): void {
    // What only types see, and what only development says, no test of behaviour is about.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isIfStatement(node) && /MODE_KNOWN|NODE_ENV/.test(node.expression.getText(source))) return
    if (ts.isIfStatement(node)) add(node.expression, `!(${node.expression.getText(source)})`)
    if (ts.isBinaryExpression(node)) {
      const other = OPERATORS[node.operatorToken.getText(source)]
      // Texts are joined by `+`, too: only what a number stands beside is a sum.
      const isText = /['"`]/.test(node.getText(source))
      if (other && !(isText && /[+-]/.test(other))) add(node.operatorToken, other)
    }
    if (ts.isNumericLiteral(node)) add(node, `${Number(node.text.replaceAll('_', '')) + 1}`)
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false')
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true')
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) add(node, ';')
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) add(node, node.operand.getText(source))
    ts.forEachChild(node, visit)
  }

  visit(source)
  return mutants
}
