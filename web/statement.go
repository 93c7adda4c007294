package web

func (s *Server) statementRoutes() {}
