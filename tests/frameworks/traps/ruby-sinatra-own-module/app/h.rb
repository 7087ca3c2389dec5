module H
  def page(p) = get(p) { 'x' }
end
